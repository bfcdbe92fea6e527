"""`python -m tests.gns3.killed LINE FOLDER PORT`: an `up` that is killed after one step, again and
again, until one has nothing left to do. Prints how many were killed.
"""

import os
import signal
import sys
import traceback
from pathlib import Path

from tests.backends.gns3.fabrics import fabric
from tests.gns3.labs import BusyboxLab, Listener
from tests.support.gns3.servers import Gns3Server

FABRIC = fabric(leaves=2, spines=1)


class Killer(Listener):
    """Kills its own process at the first step, as the kernel does when memory runs out."""

    def stage_progress(self, stage: str, done: int, total: int, item: str = "") -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def up_in_a_child(lab: BusyboxLab) -> int:
    """Run `up` in a process of its own, without starting Python again; return how it ended."""
    child = os.fork()
    if child == 0:
        try:
            lab.up(FABRIC)
        except BaseException:  # noqa: BLE001 (a child must not go on as its parent)
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    line, folder, port = sys.argv[1:]
    server = Gns3Server(line, Path(folder).parent, port=int(port))
    killed = BusyboxLab(Path(folder), server, listener=Killer())
    kills = 0
    while (code := up_in_a_child(killed)) == -signal.SIGKILL:
        kills += 1
    sys.stdout.write(str(kills))
    sys.exit(code)
