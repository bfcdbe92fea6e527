"""`python -m avdlab.twin FOLDER [--ready-fd N]`: run the fabric that FOLDER/fabric.json describes.

When every listener is open, one JSON line on the ready descriptor says so; what hinders the start
is said there too, and the exit code is 1.
"""

import argparse
import asyncio
import contextlib
import json
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from avdlab.twin.eapi.description import DescriptionError
from avdlab.twin.eapi.folder import TwinFolder
from avdlab.twin.eapi.process import TwinProcess
from avdlab.twin.sockets import PortInUseError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until stopped; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m avdlab.twin", description=__doc__)
    parser.add_argument("folder", type=Path, help="holds fabric.json and nodes/NODE/startup-config")
    parser.add_argument("--ready-fd", type=int, default=2, help="descriptor of the ready line")
    parser.add_argument("-v", "--verbose", action="store_true", help="log what changes")
    options = parser.parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO if options.verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
        stream=sys.stderr,
    )
    return asyncio.run(_run(options.folder, options.ready_fd))


async def _run(folder: Path, ready: int) -> int:
    try:
        process = TwinProcess(TwinFolder(folder))
        await process.start()
    except PortInUseError as exc:
        facts = {"error": "port-in-use", "node": exc.node, "port": exc.port}
        _say(ready, {"ready": False, **facts, "message": exc.strerror})
        return 1
    except DescriptionError as exc:
        message = f"{folder / 'fabric.json'}: {exc}"
        _say(ready, {"ready": False, "error": "bad-description", "message": message})
        return 1
    except OSError as exc:
        _say(ready, {"ready": False, "error": "cannot-start", "message": str(exc)})
        return 1
    facts = {"pid": os.getpid(), "control_port": process.control_port}
    _say(ready, {"ready": True, **facts})
    await process.serve()
    return 0


def _say(descriptor: int, facts: dict[str, Any]) -> None:
    """Write the ready line. The descriptor is closed after it, unless it is a standard one."""
    with contextlib.suppress(BrokenPipeError):  # who started us may be gone; we run on
        os.write(descriptor, (json.dumps(facts) + "\n").encode())
    if descriptor > 2:
        os.close(descriptor)


if __name__ == "__main__":
    sys.exit(main())
