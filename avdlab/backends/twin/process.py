"""The twin process: started, found again, talked to, ended.

The process holds a lock on a file of its folder for as long as it lives (it inherits the locked
descriptor), so "does it run" is a question to the kernel: no twin is ever orphaned or started
twice, and whoever is killed, the next `up` finds the process through its folder.
"""

import contextlib
import fcntl
import http.client
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from avdlab.backends.twin.description import Description
from avdlab.errors import BackendError, PortInUseError

START_SECONDS = 30.0
STOP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class TwinProcess:
    """The process of one lab. `folder` holds fabric.json and the nodes; `log` takes its output."""

    folder: Path
    log: Path

    def alive(self) -> bool:
        """Tell whether the process runs."""
        if not self._lock_path.exists():
            return False
        with self._lock() as lock:
            return lock is None

    def start(self) -> None:
        """Start the process and wait until every listener is open. No-op where it runs.

        Raises PortInUseError when a port is taken, BackendError when it does not come up.
        """
        self.log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        reader, writer = os.pipe()
        with os.fdopen(reader) as ready:
            with self._lock() as lock:
                if lock is None:
                    os.close(writer)
                    return
                process = self._spawn(writer, lock)
                os.ftruncate(lock, 0)
                os.pwrite(lock, str(process.pid).encode(), 0)
            os.close(writer)
            _check_started(_first_line(ready.fileno(), START_SECONDS), process, self.log)

    def _spawn(self, ready: int, lock: int) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "avdlab.twin", str(self.folder), "--ready-fd", str(ready)]
        descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            return subprocess.Popen(  # noqa: S603 (our own interpreter and module)
                command,
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                pass_fds=(ready, lock),
                start_new_session=True,
            )
        finally:
            os.close(descriptor)

    def wait(self, description: Description) -> None:
        """Wait until a process that lives answers: it may still be booting."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.call(description, "GET", "/status")
            except BackendError:
                if time.monotonic() > deadline or not self.alive():
                    raise
                time.sleep(0.1)
            else:
                return

    def end(self, description: Description) -> None:
        """Ask the process to stop, and kill it if it does not. Raises BackendError."""
        if not self.alive():
            return
        with contextlib.suppress(BackendError):
            self.call(description, "POST", "/shutdown", {})
        if self.gone():
            return
        pid = self._pid()
        if pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if not self.gone():
            raise BackendError(
                f"the twin process in {self.folder} does not end", hint=f"End process {pid}."
            )

    def call(
        self, description: Description, method: str, path: str, body: object = None
    ) -> dict[str, Any]:
        """Speak to the control endpoint. Raises BackendError."""
        control = description.get("control")
        if not control:
            raise BackendError("this lab has no twin", hint="Run: avdlab up")
        connection = http.client.HTTPConnection(control["host"], control["port"], timeout=60)
        headers = {"Authorization": f"Bearer {control['token']}"}
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            answer: dict[str, Any] = json.loads(response.read() or b"{}")
        except ConnectionRefusedError as exc:
            raise BackendError("the twin process is not running", hint="Run: avdlab up") from exc
        except (OSError, http.client.HTTPException, ValueError) as exc:
            raise BackendError(
                f"the twin process does not answer ({exc})", hint="Run: avdlab up"
            ) from exc
        finally:
            connection.close()
        if response.status in {http.client.NOT_FOUND, http.client.METHOD_NOT_ALLOWED}:
            raise BackendError(
                f"the twin process runs another version of avdlab: it does not know {path}",
                hint="Run: avdlab down, then avdlab up",
            )
        if response.status >= http.client.BAD_REQUEST:
            raise BackendError(str(answer.get("error", f"the twin answers {response.status}")))
        return answer

    # ------------------------------------------------------------------ the lock
    @property
    def _lock_path(self) -> Path:
        return self.folder / "process"

    @contextlib.contextmanager
    def _lock(self) -> Iterator[int | None]:
        """Yield the locked descriptor, or None while a twin process holds it."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self._lock_path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield None
                return
            yield descriptor
        finally:
            os.close(descriptor)

    def gone(self) -> bool:
        """Tell whether the process ends within STOP_SECONDS."""
        deadline = time.monotonic() + STOP_SECONDS
        while self.alive():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def _pid(self) -> int:
        try:
            return int(self._lock_path.read_text(encoding="ascii") or 0)
        except (OSError, ValueError):
            return 0


def _first_line(descriptor: int, seconds: float) -> str:
    """Read one line from a pipe, or "" when its writer ends or the time is over."""
    text = b""
    deadline = time.monotonic() + seconds
    while not text.endswith(b"\n"):
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            return ""
        part = os.read(descriptor, 4096)
        if not part:
            break
        text += part
    return text.decode("utf-8").strip()


def _check_started(answer: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    said: dict[str, Any] = json.loads(answer) if answer else {}
    if said.get("ready"):
        process.returncode = 0  # it lives on without us: nobody waits for it, and that is right
        return
    if process.poll() is None and not said:
        process.kill()
    process.wait(timeout=STOP_SECONDS)
    if said.get("error") == "port-in-use":
        node = f" (eAPI of {said['node']})" if said.get("node") else ""
        raise PortInUseError(
            f"port {said.get('port')}{node} is in use by another program",
            hint="End that program, or run: avdlab down, then up with another --eapi-port",
        )
    raise BackendError(
        f"the twin process did not start: {said.get('message') or 'it ended without a word'}",
        hint=f"Its log is {log}",
    )
