"""Labs recorded on real EOS: what the twin answers equals what EOS printed, entry by entry.

Every recording below `oracle/` of the public data is run through the twin's own show commands,
JSON and text, by the code behind `avdlab twin compare`. A known gap that closes fails its test:
remove it here. `avdlab twin compare FOLDER... -f markdown` prints the tables.
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from avdlab.backends.twin.replay import replay
from avdlab.compare import report
from avdlab.compare.recording import Recording
from avdlab.compare.result import Comparison, Verdict, compare

# lab -> entries that each table must at least compare: a lab that shrinks proves nothing
LEAST = {
    "eos_bgp_aggregate": {"routes": 17, "bgp": 6, "sessions": 2, "interfaces": 26, "vrfs": 2},
    "eos_bgp_weight_behavior_multi_agent": {"routes": 10, "bgp": 6, "sessions": 2},
    "eos_ceos_ebgp": {"routes": 10, "bgp": 6, "sessions": 2, "interfaces": 6, "vrfs": 2},
    "eos_evpn_l3_design_guide": {
        **{"routes": 565, "bgp": 532, "evpn": 1132, "sessions": 82},
        **{"interfaces": 321, "vxlan": 9, "vrfs": 41},
    },
    "eos_ibgp_local_preference": {"routes": 14, "bgp": 10, "sessions": 2, "interfaces": 30},
    "eos_ospf_bgp": {"routes": 16, "bgp": 4, "sessions": 2, "interfaces": 28, "ospf": 2},
    "eos_private_asn": {"routes": 141, "bgp": 127, "sessions": 14, "interfaces": 142},
    "eos_switchport_order": {"routes": 10, "bgp": 6, "sessions": 2, "interfaces": 6},
    "eos_undefined_route_map": {"routes": 67, "bgp": 37, "sessions": 28, "interfaces": 69},
}

# lab -> (table, entry) -> reason
KNOWN_GAPS: dict[str, dict[tuple[str, str], str]] = {}


@lru_cache(maxsize=16)
def replayed(folder: Path) -> tuple[Comparison, tuple[str, ...]]:
    recording = Recording.open(folder)
    ran = replay(recording)
    return compare(recording, ran.answer, ran.text), tuple(ran.remarks())


def test_entries_equal_the_recording(lab: str, data: Callable[[str], Path]) -> None:
    found, _ = replayed(data(f"oracle/{lab}"))
    gaps = KNOWN_GAPS.get(lab, {})
    wrong = {(entry.table, entry.key): entry for entry in found.of(Verdict.WRONG)}
    unknown = [entry for key, entry in wrong.items() if key not in gaps]
    assert not unknown, "\n".join(report.details(unknown[:10]))
    closed = gaps.keys() - wrong.keys()
    assert not closed, f"known gaps that are closed, remove them: {sorted(closed)}"


def test_explained_differences_stay_rare(lab: str, data: Callable[[str], Path]) -> None:
    found, _ = replayed(data(f"oracle/{lab}"))
    assert found.explained_share < 0.02


def test_enough_is_compared(lab: str, data: Callable[[str], Path]) -> None:
    found, _ = replayed(data(f"oracle/{lab}"))
    counts = {table: count.total() for table, count in found.counts().items()}
    assert counts
    assert not {t: counts.get(t, 0) for t, n in LEAST.get(lab, {}).items() if counts.get(t, 0) < n}


def test_no_line_is_refused(lab: str, data: Callable[[str], Path]) -> None:
    _, remarks = replayed(data(f"oracle/{lab}"))
    assert not [text for text in remarks if "refused line" in text]
