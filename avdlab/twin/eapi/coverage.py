"""What the twin models of the running configurations, what it was asked, and on what evidence."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from avdlab.twin.cli.commands import COMMANDS
from avdlab.twin.cli.node import Node
from avdlab.twin.cli.show.catalog import find
from avdlab.twin.cli.show.registry import Level
from avdlab.twin.config import coverage as lines
from avdlab.twin.config.read.management import MIRRORED
from avdlab.twin.config.read.root import TOP
from avdlab.twin.eapi.twin import Twin


def coverage(twin: Twin) -> dict[str, Any]:
    """Return the counts of every node, and of the commands over all nodes."""
    devices = twin.fabric.state.devices
    nodes = {
        name: _node(node, devices[name].notes if name in devices else ())
        for name, node in sorted(twin.nodes.items())
    }
    return {"schema_version": 1, "nodes": nodes, "commands": _commands(twin)}


def _node(node: Node, notes: Sequence[str]) -> dict[str, Any]:
    counts = lines.coverage(node.store.running, TOP, MIRRORED)
    return {
        "modelled": counts.modelled,
        "mirrored": counts.mirrored,
        "accepted": counts.accepted,
        "rejected": len(node.store.boot_rejected),
        "accepted_lines": [
            {"mode": list(mode), "line": line}
            for mode, line, kind in counts.lines
            if kind == "accepted"
        ],
        "notes": list(notes),
    }


def _commands(twin: Twin) -> dict[str, Any]:
    answered: Counter[str] = Counter()
    unanswered: Counter[str] = Counter()
    generic: Counter[str] = Counter()
    revisions: Counter[str] = Counter()
    levels: dict[str, str] = {}
    for node in twin.nodes.values():
        answered += node.ledger.answered
        unanswered += node.ledger.unanswered
        generic += node.ledger.generic
        revisions += node.ledger.revisions
        levels |= node.ledger.levels
    return {
        "answered": {
            command: {"count": count, "level": levels.get(command, "")}
            for command, count in sorted(answered.items())
        },
        "unanswered": dict(sorted(unanswered.items())),
        "generic_text": dict(sorted(generic.items())),
        "other_revision": dict(sorted(revisions.items())),
    }


def evidence(command: str) -> dict[str, Any]:
    """Return the level of the answer to a command; `known` false where the twin has none."""
    words = " ".join(command.partition("|")[0].split())
    found = find(words)
    if found is not None:
        return {"command": words, "known": True, "level": found[0].level, "note": found[0].note}
    for entry in COMMANDS:
        if entry.pattern.match(words) is not None:
            return {"command": words, "known": True, "level": Level.MIRRORED, "note": ""}
    return {"command": words, "known": False, "level": Level.ACCEPTED, "note": ""}
