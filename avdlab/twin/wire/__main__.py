"""`python -m avdlab.twin.wire`: one node of the twin on the NICs of this network namespace.

The container's init. Takes what cEOS takes: variables of the environment or `systemd.setenv=K=V`
arguments, and what lies in flash.
"""

import argparse
import asyncio
import logging
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from avdlab.twin.wire.adjacency import Timers
from avdlab.twin.wire.process import Options, WireProcess

BANNER = "avdlab twin, wire node: this is not EOS and not cEOS"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until stopped; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m avdlab.twin.wire", description=__doc__)
    parser.add_argument("--flash", type=Path, default=Path("/mnt/flash"))
    parser.add_argument("--state", type=Path, default=Path("/run/avdlab"), help="certificate, keys")
    parser.add_argument("--name", default="", help="of the node (default: the host's name)")
    parser.add_argument("--interval", type=float, default=2.0, help="seconds between hellos")
    parser.add_argument("-v", "--verbose", action="store_true", help="log what changes")
    options, init = parser.parse_known_args(arguments)
    environment = {**os.environ, **dict(_settings(init))}
    logging.basicConfig(
        level=logging.INFO if options.verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
        stream=sys.stderr,
    )
    name = options.name or socket.gethostname()
    sys.stderr.write(f"{BANNER}\n")
    timers = Timers(options.interval, 4 * options.interval)
    process = Options(options.flash, options.state, name, environment, timers)
    return asyncio.run(_run(process))


def _settings(words: Sequence[str]) -> list[tuple[str, str]]:
    """Read `systemd.setenv=K=V`, as EOS's own init is told under GNS3."""
    found = []
    for word in words:
        key, _, value = word.removeprefix("systemd.setenv=").partition("=")
        if word.startswith("systemd.setenv=") and key:
            found.append((key, value))
    return found


async def _run(options: Options) -> int:
    process = WireProcess(options)
    await process.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
