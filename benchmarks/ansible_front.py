"""What the Ansible front costs: `ansible-playbook playbooks/site.yml` against `avdlab up`.

    python benchmarks/ansible_front.py [RUNS]

Both go from nothing to a validated lab of the shipped inventory, in turn, each time after the lab
was removed. The baseline is `avdlab up` of the same pair of runs.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as made:
        project = Path(made) / "avdlab"
        for name in ("inventory", "playbooks", "ansible.cfg"):
            copy = shutil.copytree if (TOP / name).is_dir() else shutil.copy
            project.mkdir(exist_ok=True)
            copy(TOP / name, project / name)
        (project / "avdlab").mkdir()
        (project / "avdlab" / "ansible").symlink_to(TOP / "avdlab" / "ansible")
        pairs = [(_life(project, "avdlab", "up"), _life(project, *_PLAY)) for _ in range(runs)]
    for up, play in pairs:
        print(f"avdlab up {up:6.2f} s   site.yml {play:6.2f} s   front {play - up:+5.2f} s")
    middle = statistics.median(play - up for up, play in pairs)
    print(f"median cost of the front: {middle:.2f} s (aim: at most 3 s)")


_PLAY = ("ansible-playbook", "playbooks/site.yml")


def _life(project: Path, *words: str) -> float:
    """Time a command that brings a lab up, then remove the lab."""
    try:
        return _timed(project, words)
    finally:
        _timed(project, ("avdlab", "down"))


def _timed(project: Path, words: Sequence[str]) -> float:
    begin = time.monotonic()
    subprocess.run([BIN / words[0], *words[1:]], cwd=project, capture_output=True, check=True)
    return time.monotonic() - begin


if __name__ == "__main__":
    main()
