"""Answers the tasks of one run of ansible-playbook: `python -m avdlab.ansible.serve`.

Ansible forks a process for every host and task. They all ask this one process, over a Unix socket:
the first host of a task has the work done for the whole fabric, every host gets its slice of the
result, and what one task has read and rendered the next one need not. It ends with the run.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from avdlab.ansible.failures import failure
from avdlab.ansible.inputs import Inputs
from avdlab.ansible.request import Outcome, Request
from avdlab.errors import AvdlabError
from avdlab.events import Reporter

POLL = 0.2  # seconds between two looks at the run that we work for

Say = Callable[[str], None]


class Progress(Reporter):
    """Tells the client that waits what happens: `verbose` lines and notes."""

    def __init__(self) -> None:
        self.say: Say = lambda _text: None

    def stage_finished(self, stage: str, seconds: float, summary: str = "") -> None:
        self.say(f"{stage}: {seconds:.1f} s {summary}".rstrip())

    def note(self, message: str) -> None:
        self.say(f"note: {message}")


@dataclass(slots=True)
class Service:
    """Does each task once and remembers the outcome for its other hosts."""

    progress: Progress
    inputs: Inputs
    _done: dict[str, list[tuple[frozenset[str], Outcome]]] = field(default_factory=dict)

    def answer(self, request: Request, say: Say) -> Mapping[str, Any]:
        """Return the result of a task on one host."""
        for hosts, outcome in self._done.get(request.task, ()):
            if request.host in hosts:  # with `serial`, each batch of hosts is work of its own
                return outcome.slice(request.host)
        self.progress.say = say
        outcome = self._work(request)
        hosts = request.hosts | {request.host}
        self._done.setdefault(request.task, []).append((hosts, outcome))
        return outcome.slice(request.host)

    def _work(self, request: Request) -> Outcome:
        try:
            return _actions()[request.action, str(request.options.get("state"))](
                request, self.inputs
            )
        except AvdlabError as exc:
            return failure(exc, request)
        except Exception as exc:  # noqa: BLE001 (the front: the one catch-all)
            return failure(_internal(exc), request)


def _actions() -> Mapping[tuple[str, str], Callable[[Request, Inputs], Outcome]]:
    from avdlab.ansible.faults import fault
    from avdlab.ansible.rendering import built
    from avdlab.ansible.stages import STATES

    lab = {("lab", state): work for state, work in STATES.items()}
    return {**lab, ("lab", "built"): built, ("fault", "present"): fault, ("fault", "absent"): fault}


def _internal(exc: Exception) -> AvdlabError:
    with tempfile.NamedTemporaryFile(
        "w", prefix="avdlab-error-", suffix=".txt", delete=False, encoding="utf-8"
    ) as report:
        report.write("".join(traceback.format_exception(exc)))
    reason = traceback.format_exception_only(exc)[-1].strip()
    return AvdlabError(f"internal error: {reason}", hint=f"The details are in {report.name}")


def main() -> None:
    """Serve until the run is over: its process ended, or its temporary folder is gone."""
    run, process = Path(sys.argv[1]), int(sys.argv[2])
    folder = Path(tempfile.mkdtemp(prefix="avdlab-"))  # short: the path of a socket must be
    progress = Progress()
    service = Service(progress, Inputs(progress))
    threading.Thread(target=_watch, args=(run, process), daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt), socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "socket"))
        listener.listen(64)
        _announce(run, folder / "socket")
        while True:
            connection, _ = listener.accept()
            with connection:
                _serve(connection, service)
    shutil.rmtree(folder, ignore_errors=True)


def _announce(run: Path, address: Path) -> None:
    temporary = run / "avdlab.address.new"
    temporary.write_text(str(address), encoding="utf-8")
    temporary.replace(run / "avdlab.address")


def _watch(run: Path, process: int) -> None:
    """Interrupt the main thread when the run is over; work that is under way stops cleanly."""
    while run.is_dir() and _alive(process):
        time.sleep(POLL)
    os.kill(os.getpid(), signal.SIGINT)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _serve(connection: socket.socket, service: Service) -> None:
    """Answer one client: lines of what happens, then the result."""
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it need not wait for us
        stream = connection.makefile("rw", encoding="utf-8")
        request = Request.of(json.loads(stream.readline()))

        def say(text: str) -> None:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                stream.write(json.dumps({"event": text}) + "\n")
                stream.flush()

        stream.write(json.dumps({"result": service.answer(request, say)}) + "\n")
        stream.flush()


if __name__ == "__main__":
    main()
