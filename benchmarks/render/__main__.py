"""Rendering, beside pyavd's public functions in a loop, in the same run.

    python -m benchmarks.render [--devices 8 100 500] [--baseline 8 100]

Each figure is a process of its own: seconds of wall clock, of processor, and the peak of memory of
the largest process. Cold: an empty cache. The fabrics are generated in a temporary folder.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.render.fabric import write_fabric

PLAIN = """
import sys
from pathlib import Path
from avdlab.inventory.load import load
from benchmarks.render.plain import plain
made = plain(load(Path(sys.argv[1])), documentation=sys.argv[2] == "all",
             catalogs=sys.argv[2] == "all")
assert made
"""
OURS = """
import sys
from pathlib import Path
from avdlab.inventory.load import load
from avdlab.render import render, warm_inputs
inventory = load(Path(sys.argv[1]), meanwhile=warm_inputs)
made = render(inventory, documentation=sys.argv[2] == "all", catalogs=sys.argv[2] == "all")
assert made.devices
"""


def main() -> None:
    """Print a line per figure, and all of them as JSON at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, nargs="*", default=[8, 100, 500])
    parser.add_argument("--baseline", type=int, nargs="*", default=[8, 100])
    asked = parser.parse_args()
    figures: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="avdlab-bench-") as text:
        for count in asked.devices:
            folder = Path(text) / str(count)
            figures += _of(write_fabric(folder / "fabric", count), folder, count, asked.baseline)
        figures += _starts(Path(text))
    print(json.dumps(figures, indent=1))


def _of(inventory: Path, folder: Path, count: int, baseline: list[int]) -> list[dict[str, Any]]:
    cache = folder / "cache"

    def run(name: str, *words: str) -> dict[str, Any]:
        return _measured(f"{count} devices, {name}", list(words), cache)

    python = [sys.executable, "-c"]
    figures = []
    if count in baseline:
        figures.append(run("configs, plain pyavd", *python, PLAIN, str(inventory), "configs"))
        figures.append(run("all, plain pyavd", *python, PLAIN, str(inventory), "all"))
    figures.append(run("configs, cold", *python, OURS, str(inventory), "configs"))
    _empty(cache)
    build = ["avdlab", "build", "-q", "-i", str(inventory)]
    figures.append(run("build with docs and catalogs, cold", *build))
    time.sleep(1.1)
    figures.append(run("build, unchanged", *build))
    own = inventory.parent / "host_vars" / "leaf1.yml"
    own.parent.mkdir()
    own.write_text("custom_structured_configuration_aliases: alias x show version\n")
    figures.append(run("build, one host changed", *build))
    return figures


def _starts(folder: Path) -> list[dict[str, Any]]:
    here = Path.cwd()
    os.chdir(folder)
    try:
        return [
            _measured("avdlab --help", ["avdlab", "--help"], folder),
            _measured("avdlab status --all", ["avdlab", "status", "--all"], folder),
        ]
    finally:
        os.chdir(here)


def _measured(name: str, words: list[str], cache: Path) -> dict[str, Any]:
    program = Path(sys.executable).parent / words[0]
    command = [str(program) if program.exists() else words[0], *words[1:]]
    repository = str(Path(__file__).resolve().parents[2])
    environment = os.environ | {"XDG_CACHE_HOME": str(cache), "PYTHONPATH": repository}
    environment["XDG_STATE_HOME"] = str(cache)
    start = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 2}:
        raise SystemExit(f"{name}: ended with {process.returncode}")
    figure = {
        "what": name,
        "seconds": round(time.monotonic() - start, 2),
        "processor": round(usage.ru_utime + usage.ru_stime, 2),
        "megabytes": usage.ru_maxrss // 1024,
    }
    print(
        f"{name:48} {figure['seconds']:7.2f} s {figure['processor']:7.2f} s cpu "
        f"{figure['megabytes']:6} MB",
        flush=True,
    )
    return figure


def _empty(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
