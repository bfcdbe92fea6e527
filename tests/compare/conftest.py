"""A recording in a folder of its own, and answers that are made from it."""

import json
from collections.abc import Callable
from copy import deepcopy
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from avdlab.compare.recording import Recording, file_name
from avdlab.compare.result import Comparison, compare

HEADER = "! Command: show running-config\n! device: r1 (vEOS, EOS-4.23.0.1F)\n!\nhostname r1\n"
Outputs = dict[str, dict[str, Any] | str]  # command -> JSON or text


def write(folder: Path, outputs: Outputs, config: str = HEADER) -> Recording:
    (folder / "configs/r1").mkdir(parents=True)
    (folder / "configs/r1/show_running-config.txt").write_text(config)
    (folder / "show/r1").mkdir(parents=True)
    for command, found in outputs.items():
        as_json = isinstance(found, dict)
        text = json.dumps(found) if as_json else str(found)
        (folder / "show/r1" / file_name(command, as_json=as_json)).write_text(text)
    return Recording.open(folder)


Judge = Callable[..., Comparison]


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Return the way to compare: recorded outputs, and what the twin says otherwise."""
    numbers = count()

    def run(recorded: Outputs, said: Outputs, config: str = HEADER) -> Comparison:
        recording = write(tmp_path / f"lab{next(numbers)}", recorded, config)

        def answer(_: str, command: str) -> dict[str, Any]:
            found = deepcopy(said.get(command, recorded[command]))
            assert isinstance(found, dict)
            return found

        def text(_: str, command: str) -> str:
            return str(said.get(command, recorded[command]))

        return compare(recording, answer, text)

    return run
