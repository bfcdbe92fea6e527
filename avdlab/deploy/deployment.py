"""The synchronous face of deployment: all devices take their configuration, or none does."""

import asyncio
import hashlib
import signal
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from avdlab.backends.base import EapiTarget
from avdlab.deploy.model import Deployment, Gate, Load, Options
from avdlab.deploy.rollout import Batches
from avdlab.deploy.text import read_config
from avdlab.errors import InputError, Problem
from avdlab.events import Reporter

T = TypeVar("T")
PREFIX = "avdlab"  # what all our session names begin with
_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def deploy(
    targets: Sequence[EapiTarget],
    configs: Mapping[str, str],
    *,
    check: bool = False,
    merge: bool = False,
    batches: Batches = (),
    options: Options | None = None,
    gate: Gate | None = None,
    folder: Path | None = None,
    lab_targets: Sequence[EapiTarget] = (),
    keep: bool = True,
    shared: bool = False,
    reporter: Reporter | None = None,
) -> Deployment:
    """Replace the running-config of every device with its text from `configs`, in one transaction.

    `merge` adds the lines to what a device has instead. `check` only compares. `batches` makes it a
    rollout: a transaction for each. `folder` is the lab's: its journal tells the next deployment
    what became of this one (an earlier one is finished or taken back first, for which `lab_targets`
    are all devices of the lab), and what is replaced is kept there, unless `keep` is off. On
    devices that are `shared` with other labs only this lab's own sessions count as left behind.
    Raises ConfigRejectedError with every rejected line of every device, DeviceError,
    CannotRunError from the gate, or InterruptedByUserError; all mean that no device was changed,
    unless the message says otherwise.
    """
    from avdlab.deploy.work import Naming, Work  # the eAPI client takes a while to import

    work = Work(
        {target.device: target for target in targets},
        {target.device: target for target in (*lab_targets, *targets)},
        _read(targets, configs, replace=not merge),
        batches or (tuple(sorted(target.device for target in targets)),),
        options or Options(),
        gate,
        folder,
        Naming(session_prefix(folder), f"{PREFIX}-" if not shared else session_prefix(folder)),
        reporter or Reporter(),
        keep,
    )
    return run(work.check if check else work.deploy)


def session_prefix(folder: Path | None) -> str:
    """Return what the sessions of a lab begin with: the same lab has the same, others have not."""
    name = f"{socket.gethostname()}:{folder.resolve() if folder else ''}"
    return f"{PREFIX}-{hashlib.sha256(name.encode()).hexdigest()[:6]}-"


def _read(
    targets: Sequence[EapiTarget], configs: Mapping[str, str], *, replace: bool
) -> dict[str, Load]:
    """Read all texts before any device is asked. Raises InputError with every problem."""
    problems: list[Problem] = []
    loads: dict[str, Load] = {}
    for target in targets:
        try:
            lines = read_config(configs.get(target.device, ""))
        except ValueError as exc:
            problems.append(Problem(str(exc), host=target.device))
            continue
        if not lines:
            problems.append(Problem("there is no configuration for it", host=target.device))
        loads[target.device] = Load(lines, replace)
    if problems:
        raise InputError(problems)
    return loads


def run(work: Callable[[asyncio.Event], Coroutine[Any, Any, T]]) -> T:
    """Run in an event loop; Ctrl-C, SIGTERM and SIGHUP set the event that asks to stop.

    What runs then comes to a proven end by itself; the third signal ends it at once.
    """

    async def main() -> T:
        interrupted = asyncio.Event()
        task = asyncio.current_task()
        assert task is not None
        with _signals(interrupted, task):
            return await work(interrupted)

    return asyncio.run(main())


@contextmanager
def _signals(interrupted: asyncio.Event, task: "asyncio.Task[Any]") -> Iterator[None]:
    """Handle the signals, where this is the main thread: only that may."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    heard = 0

    def stop() -> None:
        nonlocal heard
        heard += 1
        interrupted.set()
        if heard > 2:
            task.cancel()

    before = {number: signal.getsignal(number) for number in _STOP}
    for number in _STOP:
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in _STOP:
            loop.remove_signal_handler(number)
            signal.signal(number, before[number])
