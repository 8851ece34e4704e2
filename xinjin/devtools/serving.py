"""What `run.py` does once the packages are there: the product, watched, or one command beside its database."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from xinjin.devtools.console import say, step, tick
from xinjin.devtools.data_folder import Busy, DataFolder
from xinjin.devtools.processes import Failed, Program, follow_parent
from xinjin.embedded import Service, embedded_services, running, scratch_services

ROOT = Path(__file__).resolve().parent.parent.parent
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LONGEST_PAUSE = 30.0
LONG_ENOUGH = 60.0


def stop_on_signals() -> None:
    """The first signal unwinds everything in good order; later ones do not disturb that."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in SIGNALS:
        # nohup asks to outlive the terminal; a job in a shell's background, though, must still be stoppable
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, stop)


def listen(wanted: int) -> socket.socket:
    """A listening socket on the wanted port of 127.0.0.1, or on the next one that is free.

    The web server inherits it. So nobody can take the port between the choice and the start, and while the web server
    is started again, browsers wait instead of being turned away.
    """
    for port in range(wanted, min(wanted + 100, 65_536)):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port just left counts as free
        try:
            listener.bind(("127.0.0.1", port))
            listener.listen(128)
        except PermissionError as error:
            listener.close()
            raise Failed(f"Port {port} is reserved for root: choose another with --port.") from error
        except OSError:
            listener.close()
        else:
            return listener
    raise Failed(f"No port from {wanted} on is free: choose another with --port.")


def serve(data: Path, *, port: int, demo: bool) -> None:
    """Runs the product until a signal comes."""
    with DataFolder(data) as folder, ExitStack() as stack:
        say(f"xinjin, data in {folder.path}")
        for lock in (folder.path / "run").glob("*.lock"):
            if lock.stem not in ("postgres", "valkey"):  # these see to it when they start, each with its own signal
                Program(lock.stem, data_dir=folder.path).end_leftovers()
        services = start_services(folder.path, stack)
        environment = folder.environment({service.variable: service.url for service in services})
        prepare_database(folder.path, environment, demo=demo)
        listener = stack.enter_context(listen(port))
        chosen = listener.getsockname()[1]
        if chosen != port:
            say(f"  Port {port} is taken: using {chosen}.")
        programs = product(folder.path, environment, listener)
        with step("Web, worker, beat"):
            for program in programs:
                stack.enter_context(program)
        address = f"http://127.0.0.1:{chosen}/"
        folder.announce(address, environment)
        say(f"\n  Open {address}\n  Ctrl-C stops everything.\n")
        for program in programs:  # all at once, before each is waited for
            stack.callback(program.ask_to_stop)
        stack.callback(folder.withdraw)
        stack.callback(say, "  Stopping.")
        watch([*services, *programs])


def start_services(data: Path, stack: ExitStack) -> list[Service]:
    """Starts PostgreSQL and Valkey unless the environment names them, and says where the files are if not in DATA."""
    services = embedded_services(data)
    for service in services:
        with step(service.title):
            stack.enter_context(service)
        if service.home.parent != data:
            say(f"    Its files are in {service.home}: its user cannot enter {data}.")
    return services


def prepare_database(data: Path, environment: Mapping[str, str], *, demo: bool) -> None:
    """Brings the schema up to date, and fills an empty database of a trial with the demo."""
    jobs = [("Database schema", ["migrate", "--noinput"])]
    if environment["XINJIN_PROFILE"] == "production":
        jobs.append(("Static files", ["collectstatic", "--noinput"]))
    elif demo:
        jobs.append(("Demo data", ["load_demo", "--if-empty"]))
    for title, arguments in jobs:
        command = [sys.executable, "manage.py", *arguments]
        with step(title):
            Program(arguments[0], command, data_dir=data, environment=environment, cwd=ROOT).complete(tick)


def product(data: Path, environment: Mapping[str, str], listener: socket.socket) -> list[Program]:
    """The three programs of the product. Started with `-m`: a script's first line breaks when the folder moves."""
    schedule = data / "beat"
    schedule.mkdir(mode=0o700, exist_ok=True)
    port, descriptor = listener.getsockname()[1], listener.fileno()
    celery = ["celery", "-A", "xinjin"]
    quiet = ["--without-gossip", "--without-mingle"]  # nothing to agree on: there is one worker
    gunicorn = ["gunicorn", "xinjin.wsgi", "--bind", f"fd://{descriptor}", "--no-control-socket"]
    commands = {
        "web": [*gunicorn, "--worker-class", "gthread", "--workers", "2", "--threads", "4"],
        "worker": [*celery, "worker", "--concurrency", "1", *quiet, "--loglevel", "INFO"],
        "beat": [*celery, "beat", "--schedule", str(schedule / "schedule"), "--loglevel", "INFO"],
    }
    programs = [
        Program(name, [sys.executable, "-m", *command], data_dir=data, environment=environment, cwd=ROOT)
        for name, command in commands.items()
    ]
    web = programs[0]
    web.inherited = [descriptor]
    web.ready = lambda: answers(port)  # type: ignore[method-assign]
    return programs


def answers(port: int) -> bool:
    """Whether the web server gives any answer that is not a failure of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


class Watcher:
    """Starts a program again when it has ended, after a pause that doubles while it keeps ending soon."""

    def __init__(self, program: Program, now: float) -> None:
        self.program = program
        self.started = now
        self.pause = 1.0
        self.due: float | None = None

    def look(self, now: float) -> None:
        """Does what is due at this moment of the monotonic clock."""
        if self.program.alive:
            return
        if self.due is None:
            if now - self.started > LONG_ENOUGH:
                self.pause = 1.0
            ending = f"{self.program.name} has ended ({self.program.ending()})"
            say(f"  {ending}; starting it again in {self.pause:.0f} s. See {self.program.log}")
            self.due = now + self.pause
            self.pause = min(2 * self.pause, LONGEST_PAUSE)
        elif now >= self.due:
            self.due, self.started = None, now
            try:
                self.program.start()
                say(f"  {self.program.name} is running again.")
            except Failed as error:
                say(f"  {error}")


def watch(programs: Sequence[Program]) -> None:
    """Keeps the programs running, in their order; returns only by an exception."""
    watchers = [Watcher(program, time.monotonic()) for program in programs]
    while True:
        time.sleep(0.5)
        for watcher in watchers:
            watcher.look(time.monotonic())


def manage(data: Path, arguments: Sequence[str]) -> int:
    """Runs a management command beside the servers of a running product, or starts them for its time."""
    folder = DataFolder(data)
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    told = False
    while True:
        try:
            with folder, running(embedded_services(folder.path)) as servers:
                return in_foreground(command, folder.environment(servers))
        except Busy as busy:
            state = folder.state
            if state.get("address"):
                servers = {name: url for name, url in state["servers"].items() if not os.environ.get(name)}
                return in_foreground(command, folder.environment(servers))
            if not told:
                say(f"{busy} Waiting for it.")
            told = True
            time.sleep(0.2)


def test(arguments: Sequence[str]) -> int:
    """Runs pytest beside servers of its own; nothing remains afterwards."""
    with scratch_services() as servers:
        return in_foreground([sys.executable, "-m", "pytest", *arguments], {**os.environ, **servers}, cwd=ROOT)


def in_foreground(command: Sequence[str], environment: Mapping[str, str], cwd: Path | None = None) -> int:
    """Runs a command that owns the terminal, Ctrl-C included; returns its exit code as a shell would."""
    process = subprocess.Popen(  # noqa: S603 - our own command
        command,
        env=environment,
        cwd=cwd,
        preexec_fn=follow_parent(signal.SIGTERM),  # only the main thread starts programs
    )
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to the command as well, and that decides
    try:
        code = process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise
    return code if code >= 0 else 128 - code
