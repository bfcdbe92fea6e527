"""What `ansible-doc` shows, by ansible-core itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

DOC = Path(sys.executable).parent / "ansible-doc"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (("avdlab.lab.lab",), "Renders an Arista AVD inventory"),
        (("avdlab.lab.fault",), "Cuts cables"),
        (("-t", "inventory", "avdlab.lab.lab"), "reach a running lab"),
        (("-t", "role", "avdlab.lab.avdlab_lab"), "avdlab_lab_state"),
    ],
)
def test_documentation(
    repository: Path, tmp_path: Path, words: tuple[str, ...], shown: str
) -> None:
    folder = repository / "avdlab" / "ansible" / "collections"
    done = subprocess.run(
        [DOC, *words],
        cwd=tmp_path,
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(folder), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    # ansible-core 2.21 warns of a collection of its own
    said = [line for line in done.stderr.splitlines() if "/ansible/_internal/" not in line]
    assert said == []
    assert shown in done.stdout
