"""PostgreSQL and Valkey from wheels: they start from nothing, and come back after whatever befell them."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from xinjin.devtools.privileges import Account, choose_home, reachable_copy
from xinjin.devtools.processes import Failed, Program, wait_until
from xinjin.embedded import Postgres, Valkey, embedded_services, free_port, kept_secret, scratch_services


def make_folder():
    """Not `tmp_path`: started by root, PostgreSQL runs as a user who may not enter that. With blanks and Chinese."""
    folder = Path(tempfile.mkdtemp(prefix="xinjin 新津 "))
    folder.chmod(0o711)
    return folder


@pytest.fixture
def folder():
    folder = make_folder()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def postgres():
    """One cluster for the tests that use it up and start it again."""
    folder = make_folder()
    half_made = folder / "postgres" / "data.new"  # initdb of an earlier start was killed half-way
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18")
    with Postgres(folder) as server:
        yield server
    shutil.rmtree(folder)


def rows(url, statement, *parameters):
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


def kill(service):
    service.process.kill()
    service.process.wait()


class TestPostgres:
    def test_it_comes_back_with_its_data_and_address_after_a_kill(self, postgres):
        address = postgres.url
        rows(address, "CREATE TABLE visit AS SELECT '花源街道' AS village")
        kill(postgres)
        assert (postgres.home / "data" / "postmaster.pid").exists()
        postgres.start()
        assert postgres.url == address
        assert rows(address, "SELECT village FROM visit") == [("花源街道",)]

    def test_it_comes_back_when_its_old_number_belongs_to_a_stranger(self, postgres):
        kill(postgres)
        pid_file = postgres.home / "data" / "postmaster.pid"
        _, *others = pid_file.read_text().splitlines()
        pid_file.write_text("\n".join([str(os.getppid()), *others]))
        postgres.start()
        assert postgres.alive

    def test_a_server_started_by_hand_is_left_alone(self, postgres):
        (postgres.data_dir / "run" / "postgres.lock").unlink()
        with pytest.raises(Failed, match=f"already running.*{postgres.process.pid}"):
            Postgres(postgres.data_dir).start()
        assert rows(postgres.url, "SELECT 1") == [(1,)]

    def test_chinese_can_be_searched_and_periods_cannot_overlap(self, postgres):
        rows(postgres.url, "CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gist")
        assert rows(postgres.url, "SELECT show_trgm('走访') <> '{}'") == [(True,)]
        exclusion = "EXCLUDE USING gist (village WITH =, during WITH &&)"
        rows(postgres.url, f"CREATE TABLE post (village int, during daterange, {exclusion})")
        rows(postgres.url, "INSERT INTO post VALUES (1, '[2026-01-01,2026-02-01)')")
        with pytest.raises(psycopg2.errors.ExclusionViolation):
            rows(postgres.url, "INSERT INTO post VALUES (1, '[2026-01-31,2026-03-01)')")

    def test_the_role_is_an_ordinary_one_that_may_make_the_test_database(self, postgres):
        role = "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        assert rows(postgres.url, role) == [(False, True)]
        assert rows(postgres.admin_url, role) == [(True, True)]

    def test_a_server_without_utf8_is_refused(self, folder, monkeypatch):
        monkeypatch.setattr("xinjin.embedded.LOCALES", ("C",))
        with pytest.raises(Failed, match="cannot search Chinese"):
            Postgres(folder, durable=False).__enter__()

    def test_what_it_says_when_it_fails(self, folder, monkeypatch):
        monkeypatch.setattr("xinjin.embedded.LOCALES", ("xx_XX.UTF-8",))
        with pytest.raises(Failed, match='(?s)initdb failed: exit code 1\n.*invalid locale name "xx_XX.UTF-8"'):
            Postgres(folder, durable=False).start()
        assert not (folder / "postgres" / "data").exists()


class TestValkey:
    def test_it_keeps_its_queue_over_a_kill_and_starts_empty_when_the_file_is_broken(self, folder):
        redis = pytest.importorskip("redis")
        with Valkey(folder) as valkey:
            with redis.Redis.from_url(valkey.url) as client:
                client.rpush("celery", "走访")
            wait_until(lambda: False, 1.1)  # the file is written out once a second
            kill(valkey)
            valkey.start()
            with redis.Redis.from_url(valkey.url) as client:
                assert client.lrange("celery", 0, -1) == ["走访".encode()]
                assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
            valkey.stop()
            for part in valkey.home.rglob("*.aof"):
                part.write_bytes(b"broken" * 10)
            valkey.start()
            with redis.Redis.from_url(valkey.url) as client:
                assert client.dbsize() == 0


class TestServices:
    def test_servers_named_by_the_environment_are_not_started(self, folder, monkeypatch):
        monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/xinjin")
        monkeypatch.setenv("REDIS_URL", "")
        assert [service.variable for service in embedded_services(folder)] == ["REDIS_URL"]

    def test_scratch_services_leave_nothing_behind(self, monkeypatch, folder):
        monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/xinjin")
        monkeypatch.delenv("REDIS_URL", raising=False)
        monkeypatch.setattr(tempfile, "tempdir", str(folder))
        with scratch_services() as environment:
            assert list(environment) == ["REDIS_URL"]
            assert len(list(folder.iterdir())) == 1
        assert list(folder.iterdir()) == []

    def test_free_ports_stay_clear_of_outgoing_connections(self):
        assert 20_000 <= free_port() < 32_000

    def test_a_secret_is_made_once_and_private(self, tmp_path):
        first = kept_secret(tmp_path / "key")
        assert kept_secret(tmp_path / "key") == first
        assert len(first) >= 50
        assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


class TestPrograms:
    def sleeper(self, folder, code="import time; time.sleep(60)", **arguments):
        return Program("sleeper", [sys.executable, "-c", code], data_dir=folder, **arguments)

    def test_stopping_ends_what_the_program_started_itself(self, tmp_path):
        code = (
            "import subprocess, sys, time\n"
            "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid, flush=True)\n"
            "time.sleep(60)"
        )
        with self.sleeper(tmp_path, code) as program:
            assert wait_until(lambda: program.tail() != "", 5)
            grandchild = int(program.tail())
        assert wait_until(lambda: not runs(grandchild), 5)

    def test_a_program_that_ignores_the_signal_is_stopped_by_force(self, tmp_path):
        code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready'); time.sleep(60)"
        with self.sleeper(tmp_path, code, environment={"PYTHONUNBUFFERED": "1"}) as program:
            program.seconds_to_stop = 0.2
            assert wait_until(lambda: "ready" in program.tail(), 5)
        assert program.ending() == "killed by SIGKILL"

    def test_leftovers_of_a_killed_run_are_ended_by_the_next_start(self, tmp_path):
        first = self.sleeper(tmp_path)
        first.start()
        with self.sleeper(tmp_path) as second:
            assert second.alive
            assert first.process.wait(5) == -signal.SIGTERM

    def test_leftovers_can_be_ended_by_name_alone(self, tmp_path):
        first = self.sleeper(tmp_path)
        first.start()
        Program("sleeper", data_dir=tmp_path).end_leftovers()
        assert first.process.wait(5) == -signal.SIGTERM

    @pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has died")
    def test_a_killed_parent_takes_its_programs_along(self, tmp_path):
        code = (
            "import sys, time; from pathlib import Path; from xinjin.devtools.processes import Program\n"
            "command = [sys.executable, '-c', 'import time; time.sleep(60)']\n"
            "program = Program('child', command, data_dir=Path(sys.argv[1]))\n"
            "program.start(); print(program.process.pid, flush=True); time.sleep(60)"
        )
        parent = subprocess.Popen([sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE, text=True)
        child = int(parent.stdout.readline())
        parent.kill()
        parent.communicate()
        assert wait_until(lambda: not runs(child), 5)

    def test_a_failure_shows_the_end_of_this_runs_log_only(self, tmp_path):
        program = self.sleeper(tmp_path, "print('first run'); raise SystemExit(0)")
        program.complete()
        program.command = [sys.executable, "-c", "print('\\n'.join(map(str, range(40)))); raise SystemExit(3)"]
        with pytest.raises(Failed) as failure:
            program.complete()
        assert str(failure.value).splitlines() == [
            "sleeper failed: exit code 3",
            *(f"    {number}" for number in range(25, 40)),
        ]

    def test_a_program_that_never_answers_is_given_up(self, tmp_path):
        program = self.sleeper(tmp_path)
        program.ready = lambda: False
        program.seconds_to_start = 0.2
        with pytest.raises(Failed, match="does not answer"):
            program.start()
        assert not program.alive

    def test_a_long_log_is_put_aside(self, tmp_path, monkeypatch):
        monkeypatch.setattr("xinjin.devtools.processes.LOG_LIMIT", 5)
        program = self.sleeper(tmp_path, "print('a long line')")
        program.complete()
        program.complete()
        assert (tmp_path / "log" / "sleeper.log").read_text() == "a long line\n"
        assert (tmp_path / "log" / "sleeper.log.1").exists()


class TestPrivileges:
    def test_an_ordinary_user_keeps_the_wanted_folder(self, tmp_path, monkeypatch):
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        assert choose_home(tmp_path / "postgres") == (tmp_path / "postgres", None)

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to another user")
    def test_root_takes_a_system_folder_where_nobody_cannot_enter(self, tmp_path, folder, monkeypatch):
        tmp_path.chmod(0o700)
        monkeypatch.setattr("xinjin.devtools.privileges.SYSTEM_FOLDERS", (folder / "missing" / "x", folder))
        home, account = choose_home(tmp_path / "postgres")
        assert home.parent in (folder, folder / "missing" / "x")
        assert home.owner() == account.name == "nobody"
        assert not (tmp_path / "postgres").exists()
        (home / "data").mkdir()
        tmp_path.chmod(0o755)
        assert choose_home(tmp_path / "postgres") == (home, account)  # a home that holds data stays the home

    def test_programs_out_of_reach_are_copied_once(self, tmp_path):
        account = Account("ourselves", os.getuid(), os.getgid())
        for name in ("package", "package.libs"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "file").write_text(name)
        sources = [tmp_path / "package", tmp_path / "package.libs"]
        (tmp_path / "programs-old").mkdir()
        copy = reachable_copy(account, sources, tmp_path)
        assert (copy / "package.libs" / "file").read_text() == "package.libs"
        assert not (tmp_path / "programs-old").exists()
        (copy / "mark").touch()
        assert (reachable_copy(account, sources, tmp_path) / "mark").exists()


def runs(number):
    """Whether a process is there and not merely waiting to be reaped."""
    try:
        os.kill(number, 0)
        return Path(f"/proc/{number}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except ProcessLookupError:
        return False
    except OSError:
        return sys.platform != "linux"
