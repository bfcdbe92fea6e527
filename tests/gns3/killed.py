"""`python -m tests.gns3.killed LINE FOLDER URL STEPS`: an `up` that is killed after some steps."""

import os
import signal
import sys
from pathlib import Path

from tests.backends.gns3.fabrics import fabric
from tests.gns3.labs import BusyboxLab, Listener
from tests.support.gns3.servers import Gns3Server


class Killer(Listener):
    """Kills its own process after so many steps, as the kernel does when memory runs out."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        self.left = steps

    def stage_progress(self, stage: str, done: int, total: int, item: str = "") -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    line, folder, port, steps = sys.argv[1:]
    server = Gns3Server(line, Path(folder).parent, port=int(port))
    lab = BusyboxLab(Path(folder), server, listener=Killer(int(steps)))
    lab.up(fabric(leaves=2, spines=1))
