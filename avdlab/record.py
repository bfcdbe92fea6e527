"""Recording a live fabric over eAPI: the twin, cEOS or hardware, in the folder of a recording.

What a device cannot answer is no error: EOS's words are recorded where it knows the
command (`BGP inactive`), and the command is left out where it does not.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from avdlab.backends.base import EapiTarget
from avdlab.backends.eapi import CommandError, run_commands
from avdlab.compare.cabling import edge, edges
from avdlab.compare.recording import CONFIG_FILE, file_name
from avdlab.compare.tables import TABLES
from avdlab.compare.texts import commands as texts
from avdlab.errors import InputError
from avdlab.events import Reporter, stage
from avdlab.state import write_private
from avdlab.topology.model import Link

COULD_NOT_RUN = 1000  # eAPI: EOS knows the command and has nothing to show
_LLDP = "show lldp neighbors detail"
_CABLES = "batfish/layer1_topology.json"
JSON_COMMANDS = tuple(dict.fromkeys(table.commands[0] for table in TABLES))
TEXT_COMMANDS = tuple(dict.fromkeys(texts()))
Files = dict[str, str]  # path in the recording -> content


def record(
    targets: Sequence[EapiTarget],
    folder: Path,
    links: Iterable[Link] | None,
    reporter: Reporter,
    *,
    extra: Sequence[str] = (),
    max_workers: int = 16,
) -> int:
    """Write a recording of the devices; return the number of outputs.

    `links` None: the cables are those that LLDP shows. The files are private: configurations hold
    password hashes. Raises InputError for a folder that is not empty, DeviceError for a device that
    does not answer.
    """
    if folder.exists() and any(folder.iterdir()):
        raise InputError(f"{folder} is not empty", hint="A recording gets a folder of its own.")
    commands = (*JSON_COMMANDS, *extra)
    with (
        stage(reporter, "record", len(targets)) as done,
        ThreadPoolExecutor(max_workers=max_workers) as pool,
    ):
        answers = list(pool.map(lambda target: _device(target, commands), targets))
        files: Files = {}
        for found in answers:
            files |= found
        done(f"{len(files)} outputs")
    names = [target.device for target in targets]
    cables = _drawn(links) if links is not None else _heard(names, files)
    files["show/host_nos.txt"] = json.dumps(dict.fromkeys(names, "arista"))
    files[_CABLES] = json.dumps({"edges": cables}, indent=2) + "\n"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path, text in files.items():
        write_private(folder / path, text)
    return len(files)


def _device(target: EapiTarget, commands: Sequence[str]) -> Files:
    name = target.device
    config = _text(target, "show running-config") or ""
    found = {f"configs/{name}/{CONFIG_FILE}": config}
    for command in commands:
        data = _json(target, command)
        if data is not None:
            path = f"show/{name}/{file_name(command, as_json=True)}"
            found[path] = json.dumps(data, indent=4) + "\n"
    for command in TEXT_COMMANDS:
        text = _text(target, command)
        if text is not None:
            found[f"show/{name}/{file_name(command, as_json=False)}"] = text
    return found


def _json(target: EapiTarget, command: str) -> dict[str, Any] | None:
    try:
        return run_commands(target, ["enable", command], timeout=60.0)[1]
    except CommandError as exc:
        return {"errors": [exc.reason]} if exc.code == COULD_NOT_RUN else None


def _text(target: EapiTarget, command: str) -> str | None:
    try:
        found = run_commands(target, ["enable", command], output="text", timeout=60.0)[1]
    except CommandError as exc:
        return f"% {exc.reason}\n" if exc.code == COULD_NOT_RUN else None
    return str(found.get("output", ""))


# ------------------------------------------------------------------------------ cables
def _drawn(links: Iterable[Link]) -> list[dict[str, Any]]:
    return [
        edge((link.a.node, link.a.interface), (link.b.node, link.b.interface))
        for link in sorted(links)
    ]


def _heard(names: Iterable[str], files: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the cables between the recorded devices, and to what else spoke LLDP."""
    configs = {name: files[f"configs/{name}/{CONFIG_FILE}"] for name in names}
    paths = {name: f"show/{name}/{file_name(_LLDP, as_json=True)}" for name in configs}
    told = {name: json.loads(files[path]) for name, path in paths.items() if path in files}
    return edges(configs, told)
