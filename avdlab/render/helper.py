"""A process that renders devices for another: pickled messages on stdin and stdout.

Started as a module of its own, not by multiprocessing: that would import the program of whoever
uses avdlab as a library once more.
"""

import gc
import os
import sys
from contextlib import nullcontext
from typing import Any

from avdlab.render.customization import importable
from avdlab.render.device import Work, render_device, warm
from avdlab.render.messages import receive, send


def main() -> None:
    """Get the facts of a fabric, then chunks of devices until stdin ends."""
    source = os.fdopen(os.dup(0), "rb")
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a custom module prints is no answer
    warm()
    gc.disable()
    try:
        facts, folders = receive(source)
        gc.freeze()
        with importable(folders) if folders else nullcontext():
            while True:
                chunk: list[Work] = receive(source)
                send(sink, [_rendered(work, facts) for work in chunk])
                gc.collect()
    except (EOFError, BrokenPipeError):
        sys.exit(0)


def _rendered(work: Work, facts: Any) -> object:  # noqa: ANN401 - pyavd is untyped
    """Return what was made, or None: the other side tries again and says what is wrong."""
    try:
        return render_device(work, facts)
    except Exception:  # noqa: BLE001 - whatever pyavd or a custom module raises
        return None


if __name__ == "__main__":
    main()
