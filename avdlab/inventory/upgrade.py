"""What AVD's schema says, as what to change: the keys of AVD 5 above all, each with its place."""

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

from avdlab.errors import Problem

REMOVED = "was removed in AVD version 6"
GUIDE = "https://avd.arista.com/6.4/docs/porting-guides/6.x.x.html"
# Keys that AVD 6 moved and of which its schema says only that they are invalid.
_TO_METADATA = frozenset(
    {"peer", "peer_interface", "peer_type", "peer_key", "port_profile", "validate_state"}
    | {"validate_lldp"}
)
_MOVED = {
    "esi": "evpn_ethernet_segment.identifier",
    "rt": "evpn_ethernet_segment.route_target",
    **{key: f"metadata.{key}" for key in _TO_METADATA},
}
# Keys at the root that AVD 6 dropped without a word: its schema lets any other name pass.
SILENT = {
    "wan_use_evpn_node_settings_for_lan": "it is the only behavior of AVD 6: remove the key",
    "wan_use_agent_env_var_for_kernel_software_forwarding_ecmp": (
        "set kernel_ecmp_cli at the nodes instead"
    ),
}
_CHOICES = re.compile(r"The value '\"?(.*?)\"?' is not among the valid values \[(.*)\]$")
_REMOVED = re.compile(r"The input data model '.*?' (was removed in AVD version \S+?)\.?(?= |$)(.*)")
_LISTED = 8  # choices that are named one by one


def is_of_avd5(problems: Sequence[Problem]) -> bool:
    """Tell whether the input was written for an older AVD."""
    return any(REMOVED in problem.message for problem in problems)


def as_changes(problems: Sequence[Problem]) -> list[Problem]:
    """Say what to write instead, and leave out what only follows from a removed key."""
    gone = [problem for problem in problems if REMOVED in problem.message]
    replaced = {(p.host, _parent(p.path), name) for p in gone for name in _instead(p.message)}
    found = []
    for problem in problems:
        missing = re.search(r"Missing the required key '(\w+)'", problem.message)
        if missing and (problem.host, problem.path, missing[1]) in replaced:
            continue
        found.append(_plainer(problem))
    return found


def _plainer(problem: Problem) -> Problem:
    last = problem.path.rpartition(".")[2]
    if problem.message == "Invalid key" and last in _MOVED:
        return replace(problem, message=f"AVD 6 has no such key here. Use '{_MOVED[last]}' instead")
    if problem.message == "Invalid key":
        return replace(problem, message="AVD has no such key here")
    removed = _REMOVED.match(problem.message)
    if removed:
        return replace(problem, message=f"{removed[1]}.{removed[2]}".rstrip("."))
    return replace(problem, message=_shorter(problem.message))


def _shorter(message: str) -> str:
    """Name near choices instead of dozens."""
    choices = _CHOICES.search(message)
    if not choices:
        return message
    names = [text.strip().strip('"') for text in choices[2].split(",")]
    if len(names) <= _LISTED:
        return message
    near = get_close_matches(choices[1], names, n=3, cutoff=0.5)
    text = f"'{choices[1]}' is none of the {len(names)} valid values"
    return f"{text}. Did you mean {' or '.join(near)}?" if near else text


def _parent(path: str) -> str:
    return path.rpartition(".")[0]


def _instead(message: str) -> list[str]:
    found = re.search(r"Use '([^']*)' instead", message)
    return re.findall(r"\w+", found[1]) if found else []
