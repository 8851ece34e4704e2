"""Programs that run beside this one: each in a process group of its own, none of them ever left behind.

Three things see to that. `stop()` ends the whole group. On Linux the kernel tells a program when its parent has died,
so even a killed `run.py` leaves nothing running. And each program inherits a locked file: as long as any process
descended from it lives, the lock is held, so the next start knows leftovers from a stranger with a reused number.
"""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Self

from xinjin.devtools.privileges import Account

PR_SET_PDEATHSIG = 1  # from <linux/prctl.h>
LOG_LIMIT = 10 * 1024 * 1024
SECONDS_OF_SILENCE = 3.0


class Failed(Exception):
    """A program did not do its work; the message ends with what it wrote last."""


def try_lock(file: IO[Any]) -> bool:
    """Takes the exclusive lock of an open file; False when another process holds it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Asks again and again until `condition()` is true; False when the seconds are over."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.03)
    return True


def follow_parent(number: int) -> Callable[[], None] | None:
    """A hook that asks Linux to signal the new process when this one dies; other systems have no such thing."""
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def before_exec() -> None:
        prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:  # the parent died before the line above
            os._exit(1)

    return before_exec


class Program:
    """One program with its log in DATA/log and its lock in DATA/run: started, watched, stopped, started again."""

    stop_signal = signal.SIGTERM
    seconds_to_start = 120.0
    seconds_to_stop = 10.0

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path] = (),
        *,
        data_dir: Path,
        environment: Mapping[str, str] | None = None,
        cwd: Path = Path("/"),
    ) -> None:
        self.name = name
        self.data_dir = data_dir
        self.command = command
        self.environment = environment
        self.cwd = cwd
        self.account: Account | None = None
        self.inherited: Sequence[int] = ()  # descriptors that the program gets to use
        self.log = data_dir / "log" / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._lock = data_dir / "run" / f"{name}.lock"
        self._log_start = 0
        self._asked_to_stop = False

    def prepare(self) -> None:
        """What has to be done before each start, when nothing of an earlier one is left; sets `command`."""

    def ready(self) -> bool:
        """Whether it answers; a program without this check is ready as soon as it runs."""
        return True

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Starts it and returns when it is ready; raises Failed with the end of its log."""
        self._launch()
        if not wait_until(lambda: not self.alive or self.ready(), self.seconds_to_start) or not self.alive:
            reason = "it does not answer" if self.alive else self.ending()
            self.stop()
            raise Failed(f"{self.name} did not start: {reason}\n{self.tail()}".rstrip())

    def complete(self, tick: Callable[[], None] = lambda: None) -> None:
        """Runs it to its end, with a sign of life every few seconds; raises Failed unless the exit code is 0."""
        self._launch()
        try:
            while not wait_until(lambda: not self.alive, SECONDS_OF_SILENCE):
                tick()
            if self.process and self.process.returncode != 0:
                raise Failed(f"{self.name} failed: {self.ending()}\n{self.tail()}".rstrip())
        finally:
            self.stop()

    def ask_to_stop(self) -> None:
        """Sends the signal on which the program ends in good order; once, as some take a second one for impatience."""
        if self.process and self.alive and not self._asked_to_stop:
            self._asked_to_stop = True
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """Ends the program in good order, and after `seconds_to_stop` by force, with all that it started."""
        if self.process is None:
            return
        self.ask_to_stop()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(self.seconds_to_stop)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ending(self) -> str:
        """How it ended, in words."""
        code = self.process.returncode if self.process else None
        return f"killed by {signal.Signals(-code).name}" if code is not None and code < 0 else f"exit code {code}"

    def tail(self, lines: int = 15) -> str:
        """The last lines that it wrote since its last start."""
        try:
            with self.log.open("rb") as file:
                file.seek(self._log_start)
                text = file.read().decode("utf-8", "replace")
        except OSError:
            return ""
        return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def end_leftovers(self) -> None:
        """Ends what an earlier, killed run may have left running under this name."""
        self._locked().close()

    def _launch(self) -> None:
        with self._locked() as lock:
            self.prepare()
            self._spawn(lock)

    def _spawn(self, lock: IO[str]) -> None:
        self.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self._log_start = log.tell()
            self.process = subprocess.Popen(  # noqa: S603 - our own commands
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.cwd,
                env=self.environment,
                start_new_session=True,
                pass_fds=[lock.fileno(), *self.inherited],
                preexec_fn=follow_parent(self.stop_signal),
                **(self.account.popen_arguments() if self.account else {}),
            )
        self._asked_to_stop = False
        lock.seek(0)
        lock.truncate()
        lock.write(str(self.process.pid))
        lock.flush()

    def _locked(self) -> IO[str]:
        """The lock file, locked; what an earlier, killed run left running is ended first."""
        self._lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._lock.open("a+", encoding="ascii")
        if try_lock(file):
            return file
        file.seek(0)
        leader = int(file.read() or 0)
        for end in (lambda: os.kill(leader, self.stop_signal), lambda: os.killpg(leader, signal.SIGKILL)):
            with suppress(ProcessLookupError):
                if leader:
                    end()
            if wait_until(lambda: try_lock(file), self.seconds_to_stop):
                return file
        file.close()
        raise Failed(f"{self.name} of an earlier run (process {leader}) is still running and cannot be ended")
