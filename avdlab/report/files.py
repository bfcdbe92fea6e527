"""The reports of a run, in one folder."""

import os
from pathlib import Path

from avdlab.report import data, junit
from avdlab.validate.model import Results


def write(results: Results, folder: Path) -> tuple[Path, ...]:
    """Write junit.xml and results.json, readable by their owner only; return their paths."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    texts = {"junit.xml": junit.render(results), "results.json": data.render(results)}
    return tuple(_replace(folder / name, text) for name, text in texts.items())


def _replace(path: Path, text: str) -> Path:
    """Write beside the file and rename: nobody reads half a report."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    return beside.replace(path)
