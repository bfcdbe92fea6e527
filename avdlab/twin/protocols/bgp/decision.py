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
_WORST_MED = 0xFFFFFFFF
_AFTER_MED = ("ebgpOverIbgp", "igpMetric")


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate after selection."""

    candidate: Candidate
    best: bool = False
    ecmp: bool = False  # the best path shares its prefix with others, or this one is shared
    reason: str = ""  # the step that it lost at


def _before_med(candidate: Candidate, router: Router) -> tuple[int, int, bool, int, int, int]:
    attributes = candidate.attributes
    length = len(attributes.as_path) + bool(attributes.as_set)
    return (
        -candidate.weight,
        -attributes.local_preference,
        not candidate.local or candidate.learned,
        len(attributes.d_path),
        0 if router.ignore_as_path_length else length,
        _ORIGIN_RANK[attributes.origin],
    )


def _after_med(candidate: Candidate, router: Router) -> tuple[bool, int]:
    return (not candidate.ebgp, 0 if router.skip_igp_cost else candidate.metric)


def _med(candidate: Candidate, router: Router) -> int:
    """A path without a MED has the best one, or with `missing-as-worst` the worst."""
    med = candidate.attributes.med
    if med is None and router.med_missing_as_worst and not candidate.local:
        return _WORST_MED
    return med or 0


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
    kept = {id(candidate) for candidate in shared} | {id(best)}
    losers = [c for c in every if id(c) not in kept]
    ranked += [Ranked(c, ecmp=True, reason="ecmp") for c in shared if c is not best]
    ranked += [Ranked(c, reason=_reason(c, best, router)) for c in losers]
    return tuple(ranked)


def _reason(candidate: Candidate, best: Candidate | None, router: Router) -> str:
    """Return the step at which a candidate lost against the best path."""
    if not candidate.valid or best is None:
        return "nextHopUnresolved"
    own, least = _before_med(candidate, router), _before_med(best, router)
    steps = zip(_BEFORE_MED, own, least, strict=True)
    lost = next((name for name, a, b in steps if a != b), None)
    together = _med_group(candidate, router) == _med_group(best, router)
    if lost is None and together and _med(candidate, router) > _med(best, router):
        lost = "med"
    if lost is None:
        measured = _after_med(candidate, router), _after_med(best, router)
        after = zip(_AFTER_MED, *measured, strict=True)
        lost = next((name for name, a, b in after if a != b), None)
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
    contenders = _least(contenders, lambda c: _before_med(c, router))
    contenders = _least_med(contenders, router)
    return _least(contenders, lambda c: _after_med(c, router))


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
    if len(contenders) < 2 or not any(_med(c, router) for c in contenders):
        return contenders
    least: dict[int, int] = {}
    for candidate in contenders:
        group = _med_group(candidate, router)
        med = _med(candidate, router)
        least[group] = min(med, least.get(group, med))
    return [c for c in contenders if _med(c, router) == least[_med_group(c, router)]]


def _med_group(candidate: Candidate, router: Router) -> int:
    """A path that has only been in other members of the confederation has no neighbor AS: it is
    compared with none, or with those alike where asked (`bgp bestpath med confed`)."""
    path = candidate.attributes.as_path
    if router.always_compare_med:
        return 0
    if not path and candidate.attributes.confederation:
        return -1 if router.med_confederation else -2 - candidate.peer_address
    return path[0] if path else 0
