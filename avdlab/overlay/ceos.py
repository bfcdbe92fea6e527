"""Configurations for cEOS-lab: what it refuses, and what harms a lab, is left out, line by line.

The lines say what is left out (`left_out`); where the structured config has a place of its own for
them, it is emptied too, so that tests and topology are about what runs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from avdlab.net.ceos import Rule, rule_for
from avdlab.overlay.model import OverlayChange

Config = dict[str, Any]
Path = tuple[str, ...]
_ON_PORTS: tuple[Path, ...] = (
    ("storm_control",),
    ("ptp",),
    ("sflow",),
    ("address_locking",),
    ("service_policy", "qos"),
)
_ON_MEMBERS: tuple[Path, ...] = (
    ("poe",),
    ("speed",),
    ("priority_flow_control",),
    ("tx_queues",),
    ("uc_tx_queues",),
)
# What the rules of net/ceos.py are about in AVD's structured config; `[]` is every item of a list.
PATHS: tuple[Path, ...] = (
    ("hardware", "speed_groups"),
    ("hardware", "port_groups"),
    ("hardware_counters",),
    ("tcam_profile",),
    ("platform", "trident"),
    ("platform", "sand"),
    ("platform", "fap"),
    ("ip_hardware", "fib", "optimize"),
    ("load_balance", "policies"),
    ("port_channel", "load_balance_sand_profile"),
    ("port_channel", "load_balance_trident_udf"),
    ("queue_monitor_length",),
    ("queue_monitor_streaming",),
    ("priority_flow_control",),
    ("poe",),
    ("monitor_sessions",),
    ("dot1x", "protocol_bpdu_bypass"),
    ("address_locking",),
    ("ptp",),
    ("sflow",),
    ("daemon_terminattr",),
    ("policy_maps", "qos"),
    ("interface_defaults", "ethernet", "shutdown"),
    ("router_bgp", "updates", "wait_install"),
    ("router_bgp", "updates", "wait_for_convergence"),
    *(("ethernet_interfaces", "[]", *path) for path in (*_ON_PORTS, *_ON_MEMBERS)),
    *(("port_channel_interfaces", "[]", *path) for path in _ON_PORTS),
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line of the intended config that the lab does not run."""

    number: int
    line: str
    mode: tuple[str, ...]
    rule: Rule


def without_paths(config: Config) -> None:
    """Empty the places of the structured config that cEOS-lab has no use for."""
    for path in PATHS:
        _drop(config, path)


def _drop(value: Any, path: Path) -> None:  # noqa: ANN401  (any part of a config)
    head, *rest = path
    if head == "[]":
        for item in value if isinstance(value, list) else ():
            _drop(item, tuple(rest))
    elif isinstance(value, dict) and head in value:
        if not rest:
            del value[head]
        else:
            _drop(value[head], tuple(rest))


def left_out(text: str) -> Iterator[LeftOut]:
    """Yield the lines that are left out; what stands in their modes goes with them."""
    for number, words, mode, rule in _judged(text):
        if rule is not None:
            yield LeftOut(number, words, mode, rule)


def filtered(text: str) -> str:
    """Return the text without the lines that are left out."""
    gone = {line.number for line in left_out(text)}
    kept = [raw for at, raw in enumerate(text.splitlines(), start=1) if at not in gone]
    return "".join(f"{raw}\n" for raw in _without_doubles(kept))


def _judged(text: str) -> Iterator[tuple[int, str, tuple[str, ...], Rule | None]]:
    parents: list[tuple[int, str, Rule | None]] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        words = " ".join(raw.split())
        if not words or words.startswith("!"):
            continue
        indent = len(raw) - len(raw.lstrip())
        while parents and parents[-1][0] >= indent:
            parents.pop()
        mode = tuple(command for _, command, _ in parents)
        lost = parents[-1][2] if parents else None
        rule = lost or rule_for(words, mode[-1] if mode else "")
        yield number, words, mode, rule
        parents.append((indent, words, rule))


def _without_doubles(lines: list[str]) -> Iterator[str]:
    """Drop separators that now stand beside another."""
    before = ""
    for line in lines:
        if line.strip() == "!" == before.strip():
            continue
        before = line
        yield line


def overlay_changes(device: str, lines: Sequence[LeftOut]) -> Iterator[OverlayChange]:
    """Say what was left out and why, once for each rule, with the lines of the intended config."""
    by_rule: dict[Rule, list[LeftOut]] = {}
    for line in lines:
        by_rule.setdefault(line.rule, []).append(line)
    for rule, found in by_rule.items():
        shown = tuple((line.number, line.line) for line in found)
        yield OverlayChange(device, f"'{rule.start}' left out", rule.why, shown)
