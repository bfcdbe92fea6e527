"""Every key that AVD's catalogue reads is in the twin's answers, with the type of ANTA's samples.

A key that stands below a list or table which is rightly empty here is named in `EMPTY`, with why.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from avdlab.twin.cli.outcome import CommandError
from tests.twin.cli.show.fabric import features

# command -> device of the feature fabric that has the feature, by default leaf1
DEVICES = {
    "show ip ospf": "core1",
    "show ip ospf neighbor": "core1",
    "show adaptive-virtual-topology path": "wan1",
    "show path-selection paths": "wan1",
    "show ip security connection vrf {vrf} path peer {peer}": "wan1",
}
WORDS = {
    "{vrf}": "default",
    "{destination}": "10.0.1.0",
    "{source}": "",
    "{size}": "100",
    "{df_bit}": "",
    "{repeat}": "1",
    "{log_history_depth}": "last 10 minutes",
    "{peer}": "10.255.7.2",
}
NO_HARDWARE = "a virtual switch has none"
EMPTY = {
    "show inventory": NO_HARDWARE,
    "show system environment cooling": NO_HARDWARE,
    "show system environment power": NO_HARDWARE,
    "show system environment temperature": NO_HARDWARE,
    "show system environment temperature transceiver": NO_HARDWARE,
    "show maintenance": "maintenance mode is not configured",
    "show system coredump": "no core file was written",
    "show interfaces status errdisabled": "no port is disabled by an error",
    "show reload cause": "a twin boots for no cause",
    "show port-channel": "all members are in the bundle",
}


@pytest.fixture(scope="module")
def samples(data) -> dict[str, Any]:
    """ANTA's sample outputs, by command."""
    found = {}
    for path in sorted(data("samples/anta_avd_index").glob("*.json")):
        content = json.loads(path.read_text())
        found[content["command"]] = [entry["data"] for entry in content["samples"]]
    return found


@pytest.fixture(scope="module")
def asked(data) -> list[dict[str, Any]]:
    tests = json.loads(data("samples/avd_test_commands.json").read_text())
    return [command for commands in tests.values() for command in commands]


def answer(command: dict[str, Any]) -> Any:
    words = command["command"]
    for placeholder, value in WORDS.items():
        words = words.replace(placeholder, value)
    device = DEVICES.get(command["command"], "leaf1")
    if command["ofmt"] == "text":
        return features().text(device, words)
    try:
        return features().json(device, words, command["revision"])
    except CommandError as error:
        return error.partial


def values(node: Any, path: list[str]) -> Iterator[Any]:
    """Yield what stands at a traced path: `*` is any key, `[]` any element."""
    if not path:
        yield node
    elif path[0] == "[]" and isinstance(node, list):
        for element in node:
            yield from values(element, path[1:])
    elif path[0] == "*" and isinstance(node, dict):
        for element in node.values():
            yield from values(element, path[1:])
    elif isinstance(node, dict) and path[0] in node:
        yield from values(node[path[0]], path[1:])


def kinds(found: Iterator[Any] | list[Any]) -> set[str]:
    names = {bool: "bool", int: "number", float: "number", dict: "table", list: "list", str: "text"}
    return {names.get(type(value), "none") for value in found}


def test_every_key_is_there_with_its_type(asked, samples):
    wrong, keys = [], 0
    for command in asked:
        mine = answer(command)
        for key in command["keys_read"]:
            if key == "<text>":
                assert isinstance(mine, str), command["command"]
                continue
            path = key.split(".")
            theirs = kinds(v for data in samples[command["command"]] for v in values(data, path))
            ours = kinds(values(mine, path))
            keys += 1
            if not ours and command["command"] in EMPTY:
                continue
            if key.startswith("vrfs.*") and not ours:
                continue  # the same key below `vrfs.default` is read by another case
            if not ours or (theirs - {"none"} and not ours <= theirs):
                wrong.append((command["command"], key, sorted(ours), sorted(theirs)))
    assert not wrong
    assert keys >= 80


def test_what_is_said_to_be_empty_is(asked):
    """A command that starts to list something belongs to the compared ones."""
    filled = set()
    for command in asked:
        mine = answer(command)
        if all(kinds(values(mine, key.split("."))) for key in command["keys_read"]):
            filled.add((command["command"], len(command["keys_read"])))
    once = {command["command"] for command in asked if command["command"] in EMPTY}
    assert once == set(EMPTY)
    assert not {name for name, keys in filled if name in EMPTY and keys > 1}
