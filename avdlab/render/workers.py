"""Rendering on all cores: this process and helpers take chunks of devices from one queue."""

import gc
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from avdlab.render.device import Made, Work
from avdlab.render.messages import packed, receive, send, send_packed

PACKAGE_PARENT = Path(__file__).resolve().parents[2]
CHUNK = 8
WORTH_A_HELPER = 24  # devices; a helper needs a second to load pyavd
MOST = 7

Step = Callable[[Work], Made]


def helpers_for(devices: int) -> int:
    """Return how many helper processes so many devices are worth."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min((cores or 1) - 1, devices // WORTH_A_HELPER, MOST)


@dataclass(slots=True)
class Helpers:
    """Helper processes; they load pyavd while this process computes the facts."""

    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, count: int) -> None:
        """Start so many helpers, none where there are some."""
        environment = dict(os.environ)
        paths = [str(PACKAGE_PARENT), environment.get("PYTHONPATH", "")]
        environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
        self.processes += [
            subprocess.Popen(
                [sys.executable, "-P", "-m", "avdlab.render.helper"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment,
            )
            for _ in range(count - len(self.processes))
        ]

    def stop(self) -> None:
        """End the helpers."""
        for process in self.processes:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream:
                    stream.close()
        self.processes.clear()


@contextmanager
def helpers() -> Iterator[Helpers]:
    """Give helpers that are gone afterwards."""
    found = Helpers()
    try:
        yield found
    finally:
        found.stop()


def render_all(
    works: Sequence[Work],
    step: Step,
    facts: Mapping[str, Any],
    folders: Sequence[Path],
    found: Helpers,
) -> dict[str, Made]:
    """Render devices. `step` does it here; what a helper could not do is left to it, too.

    Raises whatever `step` raises.
    """
    chunks: queue.SimpleQueue[list[Work]] = queue.SimpleQueue()
    for start in range(0, len(works), CHUNK):
        chunks.put(list(works[start : start + CHUNK]))
    made: dict[str, Made] = {}
    # before anybody works with the facts: pyavd works parts of them out when they are asked for
    message = packed((facts, tuple(folders))) if found.processes else b""
    threads = [
        threading.Thread(target=_feed, args=(process, message, chunks, made), daemon=True)
        for process in found.processes
    ]
    for thread in threads:
        thread.start()
    with paused_collection() as collect:
        for chunk in _drain(chunks):
            made |= {work.name: step(work) for work in chunk}
            collect()
        for thread in threads:
            thread.join()
        made |= {work.name: step(work) for work in works if work.name not in made}
    return made


def _drain(chunks: "queue.SimpleQueue[list[Work]]") -> Iterator[list[Work]]:
    while True:
        try:
            yield chunks.get_nowait()
        except queue.Empty:
            return


def _feed(
    process: "subprocess.Popen[bytes]",
    message: bytes,
    chunks: "queue.SimpleQueue[list[Work]]",
    made: dict[str, Made],
) -> None:
    """Hand chunks to a helper until there are none; a helper that dies leaves its chunk undone."""
    if process.stdin is None or process.stdout is None:
        return
    try:
        send_packed(process.stdin, message)
        for chunk in _drain(chunks):
            send(process.stdin, chunk)
            answers = receive(process.stdout)
            made.update({w.name: a for w, a in zip(chunk, answers, strict=True) if a is not None})
    except (OSError, EOFError, ValueError):
        return


@contextmanager
def paused_collection() -> Iterator[Callable[[], None]]:
    """Collect garbage between chunks only: pyavd makes so many objects that it costs a third.

    What lives before is frozen, so that each collection looks at the new objects only.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    gc.freeze()

    def collect() -> None:
        gc.collect()
        gc.freeze()

    try:
        yield collect
    finally:
        gc.unfreeze()
        if was_enabled:
            gc.enable()
