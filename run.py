#!/usr/bin/env python3
"""Sets up and runs xinjin with nothing but Python: packages, PostgreSQL, Valkey, web, worker and beat.

    python3 run.py                     run the product; Ctrl-C stops everything
    python3 run.py test [ARGUMENTS]    run the tests; the arguments go to pytest
    python3 run.py lint                run all other checks
    python3 run.py manage COMMAND ...  run a management command on the same database
    python3 run.py bundle              collect the packages in wheelhouse/, to set up where there is no network

The first half of a run needs only the standard library: it fills `.venv` from the lock file. Then this file starts
itself again with that Python, and `xinjin.devtools.serving` does the rest. The syntax stays readable to Python 3.8,
so that an old interpreter can say which ones will do.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib.util
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from xinjin.devtools.console import say, step

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
WHEELHOUSE = ROOT / "wheelhouse"
RUNTIME, DEVELOPMENT = "requirements.txt", "requirements-dev.txt"  # the second holds all of the first
OLDEST, NEWEST = (3, 11), (3, 13)
UNFINISHED = VENV / "unfinished"  # exists while packages are installed, so that a killed set-up is never trusted
SETUP_LOG = VENV / "setup.log"

# The one list of checks, each run with the Python of .venv in the project folder.
CHECKS = [
    ["-m", "ruff", "check", "."],
    ["-m", "ruff", "format", "--check", "."],
    [".venv/bin/lint-imports"],
    ["-m", "djlint", "--quiet", "--lint", "templates"],
    ["-m", "mypy"],
    ["manage.py", "check"],
    ["-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run"],  # warns that no database is there
]


def version_complaint(version: tuple[int, ...]) -> str | None:
    """What to tell a person whose Python cannot run xinjin; None when it can."""
    if OLDEST <= tuple(version[:2]) <= NEWEST:
        return None
    found = ".".join(str(part) for part in version[:3])
    return f"xinjin needs Python 3.11, 3.12 or 3.13; this is Python {found}."


def main(arguments: list[str]) -> int:
    """Sets up, changes to the Python of .venv, and does what was asked."""
    complaint = version_complaint(sys.version_info[:3])
    if not complaint and os.name != "posix":
        complaint = "xinjin runs on Linux and macOS; on Windows, start it inside WSL 2."
    if complaint:
        sys.exit(complaint)
    if not os.environ.get("HOME"):
        os.environ.pop("HOME", None)  # empty is worse than none: programs would take it for the root folder
    options = parse(arguments)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)  # also where a shell's background job would ignore it
    # What a management command prints is its own; our lines must not get between.
    with contextlib.redirect_stdout(sys.stderr) if options.command == "manage" else contextlib.nullcontext():
        try:
            set_up(DEVELOPMENT if options.command in ("test", "lint") else RUNTIME)
            if Path(sys.prefix).resolve() != VENV.resolve():
                os.execv(PYTHON, [str(PYTHON), str(ROOT / "run.py"), *arguments])  # noqa: S606 - our own command
            return run(options)
        except PermissionError as error:
            sys.exit(f"  No permission for {error.filename}: it belongs to another user.")
        except KeyboardInterrupt:
            return 0 if options.command == "serve" else 130


def parse(arguments: list[str]) -> argparse.Namespace:
    """The command line; what follows a command belongs to that command."""
    parser = argparse.ArgumentParser(
        prog="run.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=port_number, default=8000, help="of the web server (8000, or the next free one)")
    parser.add_argument("--data", type=Path, default=ROOT / "var", metavar="DIR", help="where all data is kept (var/)")
    parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")
    parser.add_argument("command", nargs="?", default="serve", choices=["serve", "test", "lint", "manage", "bundle"])
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    options = parser.parse_args(arguments)
    if options.arguments and options.command not in ("test", "manage"):
        parser.error(f"{options.command} takes no arguments: put options before it")
    return options


def port_number(text: str) -> int:
    """A TCP port from the command line."""
    if not text.isdecimal() or not 0 < int(text) < 65_536:
        raise argparse.ArgumentTypeError(f"{text} is not a port: give a number from 1 to 65535")
    return int(text)


# --- the first half: packages


def set_up(lock: str) -> None:
    """Makes .venv hold what the lock file names; takes no time when it already does."""
    if is_set_up(lock):
        return
    with one_at_a_time(), step("Python packages"):
        if is_set_up(lock):
            return
        make_venv()
        UNFINISHED.touch()
        install(lock)
        for done in {lock, RUNTIME}:
            stamp(done).write_text(fingerprint(done), encoding="ascii")
        UNFINISHED.unlink()


def is_set_up(lock: str) -> bool:
    """Whether .venv was filled from this very lock file for this Python."""
    if UNFINISHED.exists() or not PYTHON.exists() or not (VENV / "pyvenv.cfg").exists():
        return False
    return stamp(lock).exists() and stamp(lock).read_text(encoding="ascii") == fingerprint(lock)


def stamp(lock: str) -> Path:
    """The file that remembers from what .venv was filled."""
    return VENV / (lock + ".stamp")


def fingerprint(lock: str) -> str:
    """Changes with the locked packages, the Python version and the kind of machine."""
    machine = "{}.{} {}".format(*sys.version_info[:2], platform.machine())
    return hashlib.sha256((ROOT / lock).read_bytes() + machine.encode()).hexdigest()


@contextlib.contextmanager
def one_at_a_time():
    """Two runs that start together must not fill one .venv together; the project folder itself is the lock."""
    import fcntl  # exists on POSIX only

    folder = os.open(ROOT, os.O_RDONLY)
    os.set_inheritable(folder, True)  # so that an installer which outlives a killed set-up still holds the lock
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("  Another set-up is at work in this folder; waiting for it.")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def make_venv() -> None:
    """Makes .venv, again from nothing if it is of another Python, broken, or left half-made."""
    if PYTHON.exists() and not UNFINISHED.exists() and venv_version() == sys.version_info[:2]:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir()
    UNFINISHED.touch()
    base = getattr(sys, "_base_executable", None) or sys.executable
    uv = shutil.which("uv")
    if importlib.util.find_spec("ensurepip"):
        ready = logged([base, "-m", "venv", str(VENV)])
    elif uv:
        ready = logged([uv, "venv", "--allow-existing", "--python", base, str(VENV)])
    else:
        sys.exit("  Python's own venv is not complete here: install the package python3-venv, then start again.")
    if not ready:
        sys.exit(f"  .venv could not be made: {last_log_line()}")


def venv_version() -> tuple[int, ...]:
    """The Python version that .venv was made with, read from its configuration."""
    configuration = VENV / "pyvenv.cfg"
    found = configuration.exists() and re.search(r"^version\w* = (\d+)\.(\d+)", configuration.read_text(), re.M)
    return tuple(map(int, found.groups())) if found else ()


def install(lock: str) -> None:
    """Installs the locked wheels: from wheelhouse/ when it is there, otherwise from the package index."""
    source = ["--no-index", "--find-links", str(WHEELHOUSE)] if WHEELHOUSE.exists() else []
    what = ["--require-hashes", "-r", str(ROOT / lock), *source]
    uv = shutil.which("uv")
    if uv and logged([uv, "pip", "install", "--python", str(PYTHON), *what]):
        return
    # uv does not read pip's configuration, so an intranet's index may be known to pip alone
    if logged([str(PYTHON), "-m", "pip", "install", "--retries", "2", "--progress-bar", "off", *what]):
        return
    UNFINISHED.unlink()  # pip changes nothing before it has everything: what was there is still good
    sys.exit(f"  The packages of {lock} could not be installed: {install_problem()}\n  See {SETUP_LOG}")


def install_problem() -> str:
    """The reason for a failed installation, as something the person can act on."""
    log = SETUP_LOG.read_text(encoding="utf-8", errors="replace")
    if "No matching distribution" in log or "Could not find a version" in log:
        if WHEELHOUSE.exists():
            return f"wheelhouse/ does not hold them all for Python {platform.python_version()} on this machine."
        if "Retrying" in log or "Connection" in log:
            return (
                "the package index cannot be reached and there is no wheelhouse/. Connect once, or copy a wheelhouse/"
                " made by `python3 run.py bundle` here."
            )
    return last_log_line()


def last_log_line() -> str:
    """What a failed program wrote last, preferably as an error."""
    lines = SETUP_LOG.read_text(encoding="utf-8", errors="replace").strip().splitlines() or ["no reason was given"]
    return next((line for line in reversed(lines) if line.lower().startswith("error")), lines[-1])


def logged(command: list[str]) -> bool:
    """Runs a command of the set-up with its output in a log; true when it succeeds."""
    environment = {**os.environ, "PIP_USER": "0", "UV_PYTHON_DOWNLOADS": "never", "PYTHONNOUSERSITE": "1"}
    with SETUP_LOG.open("w", encoding="utf-8") as log:
        return not subprocess.call(  # noqa: S603 - our own commands
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            close_fds=False,
        )


# --- the second half: with the Python of .venv


def run(options: argparse.Namespace) -> int:
    """Does what was asked; a signal or a failure ends it with one clear message."""
    from xinjin.devtools import processes, serving, translations  # they need the packages

    serving.stop_on_signals()
    try:
        translations.compile_translations()
        if options.command == "test":
            return serving.test(options.arguments)
        if options.command == "manage":
            return serving.manage(options.data, options.arguments)
        if options.command == "lint":
            return lint()
        if options.command == "bundle":
            return bundle()
        serving.serve(options.data, port=options.port, demo=not options.no_demo)
    except processes.Failed as failure:
        sys.exit(f"  {failure}")
    return 0


def lint() -> int:
    """Runs all checks, also after one has failed."""
    failed = []
    for check in CHECKS:
        say("\n$ " + " ".join(check))
        if subprocess.call([sys.executable, *check], cwd=ROOT):  # noqa: S603 - the list above
            failed.append(" ".join(check))
    say("\nFailed: " + "; ".join(failed) if failed else "\nAll checks passed.")
    return 1 if failed else 0


def bundle() -> int:
    """Downloads the wheels for this kind of machine and this Python; wheelhouse/ appears when it is complete."""
    new = VENV / "wheelhouse.new"
    shutil.rmtree(new, ignore_errors=True)
    what = ["--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / DEVELOPMENT), "--dest", str(new)]
    with step("Wheels"):
        if not logged([sys.executable, "-m", "pip", "download", "--progress-bar", "off", *what]):
            sys.exit(f"  The wheels could not be downloaded: {install_problem()}\n  See {SETUP_LOG}")
    shutil.rmtree(WHEELHOUSE, ignore_errors=True)
    new.rename(WHEELHOUSE)
    sizes = [wheel.stat().st_size / 1e6 for wheel in WHEELHOUSE.iterdir()]
    say(f"  {len(sizes)} wheels, {sum(sizes):.0f} MB, for Python {platform.python_version()}: {WHEELHOUSE}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
