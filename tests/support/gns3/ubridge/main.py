"""A stand-in for GNS3's `ubridge`, for tests on machines where no package carries the real one.

    ubridge -v                 print the version, as gns3-server asks first
    ubridge -H HOST:PORT       serve the control protocol on TCP

One process per node, as gns3-server starts it: start-up time matters, so everything here is the
standard library, imported late. It needs root.
"""

import sys

VERSION = "0.9.19"


def main(arguments: list[str]) -> int:
    """Do what the arguments say; return the exit code."""
    if arguments[:1] == ["-v"]:
        sys.stdout.write(f"ubridge version {VERSION} (avdlab's stand-in for tests)\n")
        return 0
    if "-H" not in arguments[:-1]:
        sys.stderr.write("usage: ubridge -v | ubridge -H HOST:PORT\n")
        return 2
    host, _, port = arguments[arguments.index("-H") + 1].rpartition(":")
    from control import Control
    from loop import Loop

    loop = Loop()
    Control(loop, host or "127.0.0.1", int(port), VERSION)
    loop.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
