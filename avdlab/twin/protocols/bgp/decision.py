"""The decision process (RFC 4271 9.1.2) in the order of EOS, with its ECMP set.

valid next hop > weight > local preference > originated here > AS-path length > origin > MED (same
neighbor AS) > eBGP over iBGP > IGP metric > [ECMP ends here] > router id > cluster list > address.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from avdlab.twin.protocols.bgp.exchange import Candidate, Router
from avdlab.twin.tables.bgp import Origin

_ORIGIN_RANK = {Origin.IGP: 0, Origin.EGP: 1, Origin.INCOMPLETE: 2}
_BEFORE_MED = (
    "weight",
    "localPreference",
    "locallyOriginated",
    "dPathLength",
    "asPathLength",
    "origin",
)
_AFTER_MED = ("ebgpOverIbgp", "igpMetric")


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate after selection."""

    candidate: Candidate
    best: bool = False
    ecmp: bool = False  # the best path shares its prefix with others, or this one is shared
    reason: str = ""  # the step that it lost at


def _before_med(candidate: Candidate) -> tuple[int, int, bool, int, int, int]:
    attributes = candidate.attributes
    return (
        -candidate.weight,
        -attributes.local_preference,
        not candidate.local or candidate.learned,
        len(attributes.d_path),
        len(attributes.as_path) + bool(attributes.as_set),
        _ORIGIN_RANK[attributes.origin],
    )


def _after_med(candidate: Candidate) -> tuple[bool, int]:
    return (not candidate.ebgp, candidate.metric)


def tie_break(candidate: Candidate) -> tuple[int, int, int, int]:
    """Return the key of the last steps: unique per candidate."""
    attributes = candidate.attributes
    return (
        attributes.originator_id or candidate.peer_id,
        len(attributes.cluster_list),
        candidate.peer_address,
        candidate.order,
    )


def best_of(candidates: Iterable[Candidate], router: Router) -> Candidate | None:
    """Return the best path, None when no candidate is valid."""
    contenders = [candidate for candidate in candidates if candidate.valid]
    if len(contenders) > 1:
        contenders = _contest(contenders, router)
        return min(contenders, key=tie_break)
    return contenders[0] if contenders else None


def rank(candidates: Iterable[Candidate], router: Router) -> tuple[Ranked, ...]:
    """Return all candidates, the best first, the ECMP set behind it."""
    every = sorted(candidates, key=tie_break)
    equal = _contest([c for c in every if c.valid], router)
    best = equal[0] if equal else None
    shared = _shared(equal, router)
    ranked = [] if best is None else [Ranked(best, best=True, ecmp=len(shared) > 1)]
    if best is not None and best.local:
        shared = _behind_local(every, router)
    losers = [c for c in every if c is not best and not any(c is s for s in shared)]
    ranked += [Ranked(c, ecmp=True, reason="ecmp") for c in shared if c is not best]
    ranked += [Ranked(c, reason=_reason(c, best)) for c in losers]
    return tuple(ranked)


def _reason(candidate: Candidate, best: Candidate | None) -> str:
    """Return the step at which a candidate lost against the best path."""
    if not candidate.valid or best is None:
        return "nextHopUnresolved"
    steps = zip(_BEFORE_MED, _before_med(candidate), _before_med(best), strict=True)
    lost = next((name for name, own, least in steps if own != least), None)
    if lost is None and (candidate.attributes.med or 0) > (best.attributes.med or 0):
        lost = "med"
    if lost is None:
        after = zip(_AFTER_MED, _after_med(candidate), _after_med(best), strict=True)
        lost = next((name for name, own, least in after if own != least), None)
    return lost or "routerId"


def _shared(equal: list[Candidate], router: Router) -> list[Candidate]:
    """Return the ECMP set: equal paths that were learned, up to `maximum-paths` next hops."""
    if router.maximum_paths <= 1 or not equal or equal[0].local:
        return equal[:1]
    if not router.multipath_relax:
        equal = [c for c in equal if c.attributes.as_path == equal[0].attributes.as_path]
    hops = dict.fromkeys(_hop(candidate) for candidate in equal)
    allowed = set(list(hops)[: router.maximum_paths])
    return [candidate for candidate in equal if _hop(candidate) in allowed]


def _hop(candidate: Candidate) -> tuple[int, int]:
    """EOS counts next hops: a VTEP behind two spines or under two RDs is one (recorded)."""
    if candidate.imported_rd is not None:
        return (candidate.attributes.next_hop, 0)
    return (candidate.attributes.next_hop, candidate.peer_address)


def _behind_local(candidates: list[Candidate], router: Router) -> list[Candidate]:
    """EOS marks learned paths as ECMP behind a local best path too (recorded): those imported from
    EVPN among themselves, and those of the VRF's own peers among themselves."""
    found: list[Candidate] = []
    for imported in (False, True):
        group = [
            c
            for c in candidates
            if c.valid and not c.local and (c.imported_rd is not None) == imported
        ]
        shared = _shared(_contest(group, router), router)
        found += shared if len(shared) > 1 else []
    return found


def _contest(contenders: list[Candidate], router: Router) -> list[Candidate]:
    """Return the candidates that are equal up to the IGP metric."""
    contenders = _least(contenders, _before_med)
    contenders = _least_med(contenders, router)
    return _least(contenders, _after_med)


def _least(
    contenders: list[Candidate], measure: Callable[[Candidate], tuple[int, ...]]
) -> list[Candidate]:
    if len(contenders) < 2:
        return contenders
    values = [measure(candidate) for candidate in contenders]
    least = min(values)
    return [c for value, c in zip(values, contenders, strict=True) if value == least]


def _least_med(contenders: list[Candidate], router: Router) -> list[Candidate]:
    """RFC 4271 9.1.2.2 (c): MEDs are compared among paths from the same neighbor AS."""
    if len(contenders) < 2 or not any(c.attributes.med for c in contenders):
        return contenders
    least: dict[int, int] = {}
    for candidate in contenders:
        group = _med_group(candidate, router)
        med = candidate.attributes.med or 0
        least[group] = min(med, least.get(group, med))
    return [c for c in contenders if (c.attributes.med or 0) == least[_med_group(c, router)]]


def _med_group(candidate: Candidate, router: Router) -> int:
    path = candidate.attributes.as_path
    return 0 if router.always_compare_med or not path else path[0]
