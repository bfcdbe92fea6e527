"""`python -m tests.support.gns3 2.2|3.0 FOLDER [COMMAND ...]`: a server to work with by hand.

Starts gns3-server in a network of its own, with a management bridge avdlab0 (172.16.1.1/24), and
runs the command there (a shell by default). The server ends with the command.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.gns3.network import linux_bridge, own_network
from tests.support.gns3.servers import LINES, Gns3Server, gns3_servers, missing


def main(arguments: list[str]) -> int:
    """Run the command beside a server; return its exit code."""
    if len(arguments) < 2 or arguments[0] not in LINES:
        sys.stderr.write(__doc__ or "")
        return 2
    if reason := missing():
        sys.stderr.write(reason + "\n")
        return 1
    line, folder, command = arguments[0], Path(arguments[1]).resolve(), arguments[2:]
    server = Gns3Server(line, folder)
    environment = os.environ | {
        "GNS3_URL": server.url,
        "GNS3_USER": server.user,
        "GNS3_PASSWORD": server.password,
    }
    with own_network(), linux_bridge("avdlab0", "172.16.1.1/24"), gns3_servers([server]):
        sys.stderr.write(f"gns3-server {server.version} on {server.url}, log {server.log}\n")
        shell = command or [os.environ.get("SHELL", "/bin/sh")]
        return subprocess.run(shell, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
