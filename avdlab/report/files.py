"""The reports of a run, in one folder."""

import os
from collections.abc import Mapping
from pathlib import Path

from avdlab.report import data, junit, page, summary
from avdlab.topology.model import Topology
from avdlab.validate.model import Results


def write(
    results: Results,
    folder: Path,
    *,
    topology: Topology | None = None,
    configs: Mapping[str, str] | None = None,
) -> tuple[Path, ...]:
    """Write junit.xml, results.json, report.md and report.html, readable by their owner only.

    `topology` is drawn in the page; `configs`, the lab configs, lend it the lines that failed tests
    are about. Returns the paths.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    texts = {
        "junit.xml": junit.render(results),
        "results.json": data.render(results),
        "report.md": summary.render(results),
        "report.html": page.render(results, topology, configs),
    }
    return tuple(_replace(folder / name, text) for name, text in texts.items())


def _replace(path: Path, text: str) -> Path:
    """Write beside the file and rename: nobody reads half a report."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    return beside.replace(path)
