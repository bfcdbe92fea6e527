"""Classes of difference that are understood: each names its source, and tells its own cases.

A class looks at one entry that differs, with what stands beside it, and answers whether it accounts
for *all* of its differences. What none accounts for is wrong.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from avdlab.compare.differ import Difference
from avdlab.net.release import Release

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """An entry that differs. The tables hold all entries of the device, by name."""

    table: str
    name: str
    release: Release | None
    recorded: Json
    computed: Json
    differences: tuple[Difference, ...]
    recorded_table: Mapping[str, Json]
    computed_table: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Class:
    """A class of difference: what it is, and the source that shows why."""

    name: str
    source: str
    explains: Callable[[Case], bool]


def explain(case: Case) -> Class | None:
    """Return the class that accounts for every difference of an entry."""
    return next((found for found in CLASSES if found.explains(case)), None)


# ------------------------------------------------------------------------------ the oldest path
def _counts_of_leaders(case: Case) -> bool:
    """What a router tells each of several equal peers depends on whose path came first; the sum
    over the peers of one AS does not."""
    if case.table != "sessions" or {d.path for d in case.differences} != {"prefixesSent"}:
        return False
    return _sent(case.recorded_table, case.recorded) == _sent(case.computed_table, case.computed)


def _sent(table: Mapping[str, Json], entry: Json) -> int:
    return sum(
        int(other.get("prefixesSent", 0))
        for other in table.values()
        if other.get("asn") == entry.get("asn") and other.get("vrf") == entry.get("vrf")
    )


# ------------------------------------------------------------------------------ what was before
def _learn_restrictions_kept(case: Case) -> bool:
    """VLANs in vlanToLearnRestrict that vlanToVniMap of the same output does not know."""
    if case.table not in {"vxlan", "interfaces"}:
        return False
    mapped = {*case.recorded.get("vlanToVniMap", {}), *case.recorded.get("dynamicVlans", ())}
    return all(
        d.path.startswith("vlanToLearnRestrict.") and d.path.split(".")[1] not in mapped
        for d in case.differences
    )


CLASSES: tuple[Class, ...] = (
    Class(
        "the oldest of equal paths leads",
        "EOS manual, `bgp bestpath ecmp-fast`, on by default: the first path received leads an ECMP"
        " group. Recorded on 4.23: a leaf leads with spine 1 for some prefixes, with 2 for others",
        _counts_of_leaders,
    ),
    Class(
        "learn restrictions of VLANs that were mapped before",
        "recorded on 4.23: DC1-SVC3A lists VLANs in vlanToLearnRestrict that its own vlanToVniMap"
        " does not have",
        _learn_restrictions_kept,
    ),
)
