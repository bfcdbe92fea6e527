"""Readiness: ask every device until it answers `show version` over eAPI, or the budget ends.

A device that is not ready has a reason, always the newest one that is known. What cannot get better
by waiting (a refused password, an eAPI that the device's own configuration closes) ends the wait.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from avdlab.backends.base import EapiTarget, NodeState, NodeStatus
from avdlab.backends.eapi import LoginRefusedError, run_commands
from avdlab.errors import DeviceError, NotReadyError
from avdlab.events import Reporter

PAUSE, PATIENT = 0.5, 5.0  # seconds between two rounds over the devices that are not ready
ANSWER_SECONDS = 15.0  # many that boot at once on a small machine take their time


def wait_ready(
    targets: Sequence[EapiTarget],
    *,
    statuses: Callable[[], Sequence[NodeStatus]],
    reporter: Reporter,
    timeout: float,
    max_workers: int = 16,
) -> None:
    """Return when all devices answer. Raises NotReadyError with a reason per device that does not,
    and LoginRefusedError as soon as one refuses the lab's user.

    `statuses` is asked when a device does not answer: what the backend knows (stopped, eAPI closed
    by its own configuration ...) is a better reason than a refused connection.
    """
    start = time.monotonic()
    waiting = {target.device: target for target in targets}
    reasons: dict[str, str] = {}
    with ThreadPoolExecutor(max_workers=max_workers) as pool:
        while True:
            for device, reason in pool.map(_ask, tuple(waiting.values())):
                if reason:
                    reasons[device] = reason
                    continue
                del waiting[device]
                reporter.node_ready(device, time.monotonic() - start)
                done = len(targets) - len(waiting)
                reporter.stage_progress("ready", done, len(targets), device)
            if not waiting:
                return
            elapsed = time.monotonic() - start
            known = {status.node: status for status in statuses()}
            if elapsed >= timeout or all(_hopeless(known.get(device)) for device in waiting):
                raise NotReadyError(
                    _explain(waiting, reasons, known),
                    elapsed,
                    hint="Correct the design, run: avdlab down, then: avdlab up",
                )
            pause = min(max(PAUSE, elapsed / 10), PATIENT)  # asking costs what booting needs
            time.sleep(min(pause, timeout - elapsed))


def refuse_all(targets: Sequence[EapiTarget], *, max_workers: int = 16) -> bool:
    """Tell whether every device answers and refuses the lab's user.

    One that does not is enough to know: the others are asked only when the first one refuses.
    """
    if not targets or not _refuses(targets[0]):
        return False
    with ThreadPoolExecutor(max_workers=max_workers) as pool:
        return all(pool.map(_refuses, targets[1:]))


def _refuses(target: EapiTarget) -> bool:
    try:
        run_commands(target, ["show version"], timeout=5.0)
    except LoginRefusedError:
        return True
    except DeviceError:
        return False
    return False


def _ask(target: EapiTarget) -> tuple[str, str]:
    try:
        run_commands(target, ["show version"], timeout=ANSWER_SECONDS)
    except LoginRefusedError:
        raise
    except DeviceError as exc:
        return target.device, exc.message.removeprefix(f"{target.device}: ")
    return target.device, ""


def _hopeless(status: NodeStatus | None) -> bool:
    return status is not None and "permanent" in status.details


def _explain(
    waiting: Mapping[str, EapiTarget],
    reasons: Mapping[str, str],
    known: Mapping[str, NodeStatus],
) -> dict[str, str]:
    backend = {
        name: status.reason
        for name, status in known.items()
        if status.reason and status.state is not NodeState.READY
    }
    return {device: backend.get(device) or reasons[device] for device in waiting}
