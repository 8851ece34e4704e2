"""`run.py` and what it does with ports, packages and the data folder."""

import ast
import json
import os
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import polib
import pytest

import run
from xinjin.devtools import serving
from xinjin.devtools.data_folder import Busy, DataFolder
from xinjin.devtools.processes import Program
from xinjin.devtools.translations import compile_translations

ROOT = Path(run.__file__).parent


class TestInterpreter:
    @pytest.mark.parametrize(
        "name", ["run.py", "xinjin/__init__.py", "xinjin/devtools/__init__.py", "xinjin/devtools/console.py"]
    )
    def test_what_an_old_python_reads_first_is_readable_to_it(self, name):
        ast.parse((ROOT / name).read_text(encoding="utf-8"), feature_version=(3, 8))

    def test_run_py_imports_nothing_that_has_to_be_installed(self):
        tree = ast.parse((ROOT / "run.py").read_text(encoding="utf-8"))
        names = {alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names}
        names |= {str(node.module) for node in tree.body if isinstance(node, ast.ImportFrom)}
        assert {name for name in names if name.partition(".")[0] not in sys.stdlib_module_names} == {
            "xinjin.devtools.console"
        }
        assert len((ROOT / "run.py").read_text(encoding="utf-8").splitlines()) <= 300

    @pytest.mark.parametrize("version", [(3, 8, 18), (3, 10, 1), (3, 14, 0), (2, 7, 18)])
    def test_a_python_that_will_not_do_is_told_which_ones_will(self, version):
        complaint = run.version_complaint(version)
        assert complaint == "xinjin needs Python 3.11, 3.12 or 3.13; this is Python {}.{}.{}.".format(*version)

    @pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 1), (3, 13, 9)])
    def test_a_python_that_will_do_is_not_complained_about(self, version):
        assert run.version_complaint(version) is None


class TestCommandLine:
    def test_nothing_means_to_run_the_product(self):
        options = run.parse([])
        assert (options.command, options.port, options.data, options.no_demo) == ("serve", 8000, ROOT / "var", False)

    def test_options_come_before_a_command_and_its_arguments_after(self, tmp_path):
        options = run.parse(["--data", str(tmp_path), "manage", "sweep", "--date", "2026-11-23"])
        assert (options.command, options.data) == ("manage", tmp_path)
        assert options.arguments == ["sweep", "--date", "2026-11-23"]
        assert run.parse(["test", "-k", "visit", "-x"]).arguments == ["-k", "visit", "-x"]
        assert run.parse(["--port", "8100", "--no-demo"]).port == 8100

    @pytest.mark.parametrize("arguments", [["--port", "0"], ["--port", "web"], ["lint", "--fast"], ["strat"]])
    def test_mistakes_are_named(self, arguments, capsys):
        with pytest.raises(SystemExit):
            run.parse(arguments)
        assert "error: " in capsys.readouterr().err


class TestPackages:
    """Set-up in a project folder of its own, with stand-ins for pip."""

    @pytest.fixture(autouse=True)
    def project(self, tmp_path, monkeypatch):
        monkeypatch.setattr(run, "ROOT", tmp_path)
        for name in ("VENV", "PYTHON", "UNFINISHED", "SETUP_LOG", "WHEELHOUSE"):
            monkeypatch.setattr(run, name, tmp_path / getattr(run, name).relative_to(ROOT))
        for lock in (run.RUNTIME, run.DEVELOPMENT):
            (tmp_path / lock).write_text(lock)
        self.commands = []
        monkeypatch.setattr(run, "logged", self.logged)
        monkeypatch.setattr(run.shutil, "which", lambda _name: None)
        self.pip_says = ""

    def logged(self, command):
        self.commands.append(command)
        if "venv" in command:
            run.PYTHON.parent.mkdir(parents=True)
            run.PYTHON.touch()
            (run.VENV / "pyvenv.cfg").write_text("version = {}.{}.{}\n".format(*sys.version_info[:3]))
        elif self.pip_says:
            run.SETUP_LOG.write_text(self.pip_says)
            return False
        return True

    def kinds(self):
        kinds = ["venv" if "venv" in command else Path(command[-1]).name for command in self.commands]
        self.commands.clear()
        return kinds

    def test_packages_are_installed_once_for_each_lock_file(self):
        run.set_up(run.RUNTIME)
        assert self.kinds() == ["venv", "requirements.txt"]
        run.set_up(run.RUNTIME)
        assert self.kinds() == []
        run.set_up(run.DEVELOPMENT)
        assert self.kinds() == ["requirements-dev.txt"]
        run.set_up(run.RUNTIME)
        assert self.kinds() == []
        (run.ROOT / run.RUNTIME).write_text("changed")
        run.set_up(run.RUNTIME)
        assert self.kinds() == ["requirements.txt"]

    def test_hashes_are_required_and_a_wheelhouse_replaces_the_index(self):
        run.WHEELHOUSE.mkdir()
        run.set_up(run.RUNTIME)
        install = self.commands[-1]
        assert "--require-hashes" in install
        assert install[install.index("--no-index") :] == ["--no-index", "--find-links", str(run.WHEELHOUSE)]

    def test_a_set_up_that_was_killed_starts_from_nothing(self):
        run.set_up(run.RUNTIME)
        run.UNFINISHED.touch()
        (run.VENV / "half").touch()
        self.kinds()
        run.set_up(run.RUNTIME)
        assert self.kinds() == ["venv", "requirements.txt"]
        assert not (run.VENV / "half").exists()

    def test_a_venv_of_another_python_is_replaced(self):
        run.set_up(run.RUNTIME)
        (run.VENV / "pyvenv.cfg").write_text("version = 3.10.13\n")
        (run.ROOT / run.RUNTIME).write_text("changed")
        self.kinds()
        run.set_up(run.RUNTIME)
        assert self.kinds() == ["venv", "requirements.txt"]

    def test_without_a_network_it_says_what_is_missing_and_keeps_what_is_there(self, capsys):
        self.pip_says = "WARNING: Retrying after connection broken\nERROR: No matching distribution found for amqp\n"
        with pytest.raises(SystemExit) as stop:
            run.set_up(run.RUNTIME)
        assert "the package index cannot be reached and there is no wheelhouse/" in str(stop.value)
        assert "amqp" not in str(stop.value)
        assert not run.UNFINISHED.exists()

    def test_an_incomplete_wheelhouse_is_named(self):
        run.WHEELHOUSE.mkdir()
        self.pip_says = "ERROR: No matching distribution found for amqp\n"
        with pytest.raises(SystemExit, match=r"wheelhouse/ does not hold them all for Python 3\.1\d"):
            run.set_up(run.RUNTIME)

    def test_any_other_reason_is_pips_own_error_line(self):
        self.pip_says = "Collecting amqp\nERROR: No space left on device\nsee above\n"
        with pytest.raises(SystemExit, match="ERROR: No space left on device"):
            run.set_up(run.RUNTIME)

    def test_an_incomplete_python_names_the_package_to_install(self, monkeypatch):
        monkeypatch.setattr(run.importlib.util, "find_spec", lambda _name: None)
        with pytest.raises(SystemExit, match="python3-venv"):
            run.set_up(run.RUNTIME)


class TestPort:
    def test_a_free_port_is_taken_and_a_taken_one_is_passed_over(self):
        with serving.listen(20_000) as first:
            port = first.getsockname()[1]
            with serving.listen(port) as second:
                assert port < second.getsockname()[1] <= port + 100
        with serving.listen(port) as again:
            assert again.getsockname() == ("127.0.0.1", port)

    def test_a_port_just_left_counts_as_free(self):
        with serving.listen(20_000) as server:
            port = server.getsockname()[1]
            client = socket.create_connection(("127.0.0.1", port))
            server.accept()[0].close()
        with client, serving.listen(port) as again:
            assert again.getsockname()[1] == port


class TestDataFolder:
    def test_a_second_run_is_refused_with_the_address_of_the_first(self, tmp_path):
        first, second = DataFolder(tmp_path / "var"), DataFolder(tmp_path / "var")
        with first:
            with pytest.raises(Busy, match="Another run.py is using the data folder"), second:
                pass
            first.announce("http://127.0.0.1:8000/", {"DATABASE_URL": "postgres://x", "REDIS_URL": "redis://y"})
            with pytest.raises(Busy, match="Already running at http://127.0.0.1:8000/"), second:
                pass
            assert second.state["servers"] == {"DATABASE_URL": "postgres://x", "REDIS_URL": "redis://y"}
            assert stat.S_IMODE((tmp_path / "var" / "state.json").stat().st_mode) == 0o600
        with second:
            assert second.state == {}

    def test_what_a_killed_run_announced_is_forgotten(self, tmp_path):
        (tmp_path / "state.json").write_text(json.dumps({"address": "http://127.0.0.1:8000/"}))
        with DataFolder(tmp_path) as folder:
            assert folder.state == {}

    def test_others_may_pass_through_but_not_look_in(self, tmp_path):
        with DataFolder(tmp_path / "var") as folder:
            assert stat.S_IMODE(folder.path.stat().st_mode) == 0o711

    @pytest.mark.parametrize("key", ["SECRET_KEY", "FIELD_KEY"])
    def test_a_key_is_made_once_and_passed_as_a_file(self, tmp_path, monkeypatch, key):
        for name in (key, f"{key}_FILE", "XINJIN_PROFILE"):
            monkeypatch.delenv(name, raising=False)
        with DataFolder(tmp_path) as folder:
            environment = folder.environment({"DATABASE_URL": "postgres://x"})
            key_file = Path(environment[f"{key}_FILE"])
            key = key_file.read_text()
            folder.environment({})
        assert environment["XINJIN_PROFILE"] == "demo"
        assert environment["DATABASE_URL"] == "postgres://x"
        assert environment["MEDIA_ROOT"] == str(tmp_path / "media")
        assert key_file.read_text() == key
        assert stat.S_IMODE(key_file.stat().st_mode) == 0o600

    def test_a_key_of_ones_own_is_kept_and_production_is_never_given_one(self, tmp_path, monkeypatch):
        monkeypatch.delenv("SECRET_KEY_FILE", raising=False)
        monkeypatch.setenv("SECRET_KEY", "own")
        with DataFolder(tmp_path) as folder:
            assert "SECRET_KEY_FILE" not in folder.environment({})
            monkeypatch.delenv("SECRET_KEY")
            monkeypatch.setenv("XINJIN_PROFILE", "production")
            assert "SECRET_KEY_FILE" not in folder.environment({})


class TestWatching:
    def test_a_program_that_keeps_ending_is_given_longer_and_longer_pauses(self, tmp_path, capsys):
        program = Program("web", [sys.executable, "-c", "raise SystemExit(7)"], data_dir=tmp_path)
        watcher, now, pauses = serving.Watcher(program, 0.0), 0.0, []
        program.start()
        for _ in range(7):
            program.process.wait()
            watcher.look(now)
            pauses.append(watcher.due - now)
            now = watcher.due
            watcher.look(now)
        assert pauses == [1, 2, 4, 8, 16, 30, 30]
        assert "web has ended (exit code 7); starting it again in 1 s. See" in capsys.readouterr().out
        program.process.wait()
        watcher.look(now + 1000)
        assert watcher.due == now + 1001

    def test_it_says_when_the_program_runs_again(self, tmp_path, capsys):
        with Program("web", [sys.executable, "-c", "import time; time.sleep(60)"], data_dir=tmp_path) as program:
            watcher = serving.Watcher(program, 0.0)
            watcher.look(1.0)
            program.process.kill()
            program.process.wait()
            watcher.look(2.0)
            watcher.look(2.5)
            assert not program.alive
            watcher.look(3.0)
            assert program.alive
        lines = capsys.readouterr().out.splitlines()
        assert [line.strip().partition(";")[0] for line in lines] == [
            "web has ended (killed by SIGKILL)",
            "web is running again.",
        ]


class TestSignals:
    @pytest.mark.parametrize("number", serving.SIGNALS)
    def test_the_first_signal_unwinds_and_the_next_ones_do_not_disturb(self, tmp_path, number):
        code = (
            "import signal, time; from xinjin.devtools import serving\n"
            "signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"  # whatever these tests were started under
            "serving.stop_on_signals()\n"
            "try:\n"
            "    print('ready', flush=True); time.sleep(60)\n"
            "finally:\n"
            "    print('stopping', flush=True); time.sleep(0.5); print('stopped', flush=True)\n"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        lines = iter(process.stdout.readline, "")
        assert next(lines) == "ready\n"
        process.send_signal(number)
        assert next(lines) == "stopping\n"
        process.send_signal(signal.SIGINT)
        assert list(lines) == ["stopped\n"]
        process.communicate()

    def test_a_command_in_the_foreground_passes_on_its_exit_code(self):
        before = signal.getsignal(signal.SIGINT)
        try:
            assert serving.in_foreground([sys.executable, "-c", "raise SystemExit(5)"], os.environ) == 5
            killed = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
            assert serving.in_foreground([sys.executable, "-c", killed], os.environ) == 128 + signal.SIGKILL
        finally:
            signal.signal(signal.SIGINT, before)


class TestTranslations:
    def test_only_what_is_new_is_compiled(self, tmp_path):
        folder = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES"
        folder.mkdir(parents=True)
        catalogue = polib.POFile()
        catalogue.append(polib.POEntry(msgid="Visit", msgstr="走访"))
        catalogue.save(str(folder / "django.po"))
        assert compile_translations(tmp_path) == [folder / "django.mo"]
        assert compile_translations(tmp_path) == []
        os.utime(folder / "django.mo", (0, 0))
        assert compile_translations(tmp_path) == [folder / "django.mo"]
        assert polib.mofile(str(folder / "django.mo")).find("Visit").msgstr == "走访"
        assert sorted(path.name for path in folder.iterdir()) == ["django.mo", "django.po"]
