"""The class engine against an independent one: one dictionary of paths per node and prefix.

The naive engine knows nothing of the engine's code: it is told the same small fabric as values,
passes every path to every neighbor in rounds, and keeps what a router would keep.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avdlab.net.addresses import format_ipv4
from avdlab.twin.protocols.bgp import classes, graph
from avdlab.twin.protocols.bgp.classes import GraphSolver, Offer
from avdlab.twin.protocols.bgp.stubs import Edges, Stubs, find_stubs

MAXIMUM_PATHS = 4
EXAMPLES = int(os.environ.get("AVDLAB_EXAMPLES", "60"))


@dataclass(frozen=True)
class Link:
    """A session between two nodes; a policy of each end toward the other."""

    a: int
    b: int
    prepend: int = 0  # by a, toward b
    hidden: int | None = None  # the prefix that a does not tell b


@dataclass(frozen=True)
class Small:
    """A fabric: AS numbers by node, links, and the prefix that each node originates."""

    asns: tuple[int, ...]
    links: tuple[Link, ...]

    def prefix(self, node: int) -> str:
        return f"192.0.2.{node}/32"

    def address(self, link: int, *, far: bool) -> str:
        return f"10.0.{link}.{1 if far else 0}"


# ------------------------------------------------------------------------------ naive
@dataclass(frozen=True)
class Path:
    hop: str  # "" when originated here
    path: tuple[int, ...]
    ebgp: bool
    router: int

    @property
    def strength(self) -> tuple[bool, int, bool]:
        return (self.hop != "", len(self.path), self.hop != "" and not self.ebgp)


Table = dict[str, tuple[Path, ...]]


def naive(small: Small) -> list[Table]:
    """Exchange in rounds until nothing changes."""
    tables: list[Table] = [
        {small.prefix(n): (Path("", (), False, n),)} for n in range(len(small.asns))
    ]
    for _ in range(50):
        fresh = [_hear_all(small, node, tables) for node in range(len(small.asns))]
        if fresh == tables:
            return tables
        tables = fresh
    raise AssertionError("the naive engine does not settle")


def _hear_all(small: Small, node: int, tables: list[Table]) -> Table:
    heard: dict[str, list[Path]] = {small.prefix(node): [Path("", (), False, node)]}
    for number, link in enumerate(small.links):
        if node not in {link.a, link.b}:
            continue
        told_by_a = node == link.b
        sender = link.a if told_by_a else link.b
        hop = small.address(number, far=not told_by_a)
        back = small.address(number, far=told_by_a)
        for prefix, paths in tables[sender].items():
            told = _tell(small, link, sender, node, prefix, paths[0], back, by_a=told_by_a)
            if told is not None and small.asns[node] not in told:
                ebgp = small.asns[sender] != small.asns[node]
                heard.setdefault(prefix, []).append(Path(hop, told, ebgp, sender))
    return {prefix: tuple(sorted(paths, key=_order)) for prefix, paths in heard.items()}


def _order(path: Path) -> tuple[object, ...]:
    return (*path.strength, path.router, [int(part) for part in path.hop.split(".") if part])


def _tell(
    small: Small,
    link: Link,
    sender: int,
    to: int,
    prefix: str,
    best: Path,
    back: str,
    *,
    by_a: bool,
) -> tuple[int, ...] | None:
    ebgp = small.asns[sender] != small.asns[to]
    learned_inside = best.hop != "" and not best.ebgp
    if best.hop == back or (not ebgp and learned_inside):
        return None
    if by_a and link.hidden is not None and prefix == small.prefix(link.hidden):
        return None
    path = best.path
    if by_a:
        path = (64999,) * link.prepend + path
    return (small.asns[sender], *path) if ebgp else path


# ------------------------------------------------------------------------------ as texts
def texts(small: Small) -> dict[str, str]:
    return {f"r{node}": _text(small, node) for node in range(len(small.asns))}


def _text(small: Small, node: int) -> str:
    ports = [f"interface Loopback0\n   ip address {small.prefix(node)}"]
    bgp = [f"router bgp {small.asns[node]}", f"   router-id 10.255.0.{node + 1}"]
    bgp += [f"   maximum-paths {MAXIMUM_PATHS}", f"   network {small.prefix(node)}"]
    maps = []
    for number, link in enumerate(small.links):
        if node not in {link.a, link.b}:
            continue
        is_a = node == link.a
        peer = small.asns[link.b if is_a else link.a]
        own, other = small.address(number, far=not is_a), small.address(number, far=is_a)
        ports.append(f"interface Ethernet{number + 1}\n   no switchport\n   ip address {own}/31")
        bgp += [f"   neighbor {other} remote-as {peer}", f"   neighbor {other} next-hop-self"]
        if is_a and (link.prepend or link.hidden is not None):
            bgp.append(f"   neighbor {other} route-map OUT{number} out")
            maps += _route_map(small, number, link)
    return "\n".join(ports + maps + bgp)


def _route_map(small: Small, number: int, link: Link) -> list[str]:
    lines = []
    if link.hidden is not None:
        lines.append(f"ip prefix-list HIDE{number} seq 10 permit {small.prefix(link.hidden)}")
        lines.append(f"route-map OUT{number} deny 10")
        lines.append(f"   match ip address prefix-list HIDE{number}")
    lines.append(f"route-map OUT{number} permit 20")
    if link.prepend:
        lines.append("   set as-path prepend" + " 64999" * link.prepend)
    return lines


# ------------------------------------------------------------------------------ properties
@st.composite
def smalls(draw: st.DrawFn) -> Small:
    count = draw(st.integers(2, 6))
    asns = tuple(draw(st.integers(65001, 65004)) for _ in range(count))
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    links = [
        Link(a, b, draw(st.integers(0, 2)), draw(st.none() | st.integers(0, count - 1)))
        for a, b in draw(st.lists(pairs, min_size=1, max_size=9))
        if a != b
    ]
    return Small(asns, tuple(links))


@st.composite
def leaf_spines(draw: st.DrawFn) -> Small:
    """Spines in one AS, leaves in pairs, some links and whole leaves left out, some policy."""
    spines, pairs = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    leaves = range(spines, spines + 2 * pairs)
    asns = (*[65100] * spines, *(65001 + (leaf - spines) // 2 for leaf in leaves))
    wanted = [(leaf, spine) for leaf in leaves for spine in range(spines)]
    wanted += [(leaf, leaf + 1) for leaf in leaves[::2]]
    wanted += draw(
        st.lists(st.tuples(st.sampled_from(leaves), st.sampled_from(leaves)), max_size=1)
    )
    policy = st.tuples(st.integers(0, 1), st.none() | st.sampled_from(range(len(asns))))
    plain = st.just((0, None))
    links = [
        Link(a, b, *draw(plain | policy)) for a, b in wanted if a != b and draw(st.integers(0, 5))
    ]
    return Small(asns, tuple(links))


Solve = Callable[..., object]


def as_values(table: Mapping[object, tuple[object, ...]]) -> dict[str, list[tuple[object, ...]]]:
    return {
        str(prefix): sorted(
            (
                format_ipv4(path.attributes.next_hop) if path.attributes.next_hop else "",
                path.attributes.as_path,
                path.best,
            )
            for path in paths
        )
        for prefix, paths in table.items()
    }


@settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(small=smalls() | leaf_spines())
def test_class_engine_equals_naive_engine(small: Small, fabric: Solve) -> None:
    solved = fabric(texts(small))
    expected = naive(small)
    for node in range(len(small.asns)):
        outcome = solved.outcomes[f"r{node}"]
        assert outcome.converged
        wanted = {
            prefix: sorted((path.hop, path.path, path is paths[0]) for path in paths)
            for prefix, paths in expected[node].items()
        }
        assert as_values(outcome.bgp.tables["default"]) == wanted


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(small=smalls() | leaf_spines())
def test_what_one_end_sent_the_other_received(small: Small, fabric: Solve) -> None:
    """RFC 4271: received plus dropped as loops is what the peer sent."""
    solved = fabric(texts(small))
    sessions = {
        (node, session.local_address): session
        for node, outcome in solved.outcomes.items()
        for session in outcome.bgp.sessions
    }
    assert len(sessions) == 2 * len(small.links)
    for session in sessions.values():
        far = next(
            s
            for (node, address), s in sessions.items()
            if node == session.peer_node and format_ipv4(address or 0) == session.peer_address
        )
        received = session.prefixes_received.get("ipv4", 0) + session.drops.get("as loop", 0)
        assert received == far.prefixes_sent.get("ipv4", 0)


def test_classes_change_nothing(
    fabric: Solve, monkeypatch: pytest.MonkeyPatch, vxlan_texts: dict[str, str]
) -> None:
    """Solving every prefix and EVPN route on its own gives what solving by classes gives."""
    together = fabric(vxlan_texts)
    key = GraphSolver._key

    def alone(self: GraphSolver[object], offer: Offer[object]) -> tuple[object, ...]:
        return (*key(self, offer), offer.nlri)

    monkeypatch.setattr(classes.GraphSolver, "_key", alone)
    apart = fabric(vxlan_texts)
    for node, outcome in together.outcomes.items():
        assert outcome.bgp.tables == apart.outcomes[node].bgp.tables
        assert outcome.bgp.evpn == apart.outcomes[node].bgp.evpn
        assert outcome == apart.outcomes[node]


def test_stubs_change_nothing(
    fabric: Solve, monkeypatch: pytest.MonkeyPatch, vxlan_texts: dict[str, str]
) -> None:
    """Leaving out what only listens gives what telling everybody everything gives."""
    found: list[Stubs] = []

    def noting(*edges: Edges) -> Stubs:
        found.append(find_stubs(*edges))
        return found[-1]

    monkeypatch.setattr(graph, "find_stubs", noting)
    left_out = fabric(vxlan_texts)
    assert any(stubs.of for stubs in found)
    monkeypatch.setattr(graph, "find_stubs", lambda *_: Stubs())
    told = fabric(vxlan_texts)
    for node, outcome in left_out.outcomes.items():
        assert outcome.bgp.tables == told.outcomes[node].bgp.tables
        assert outcome.bgp.evpn == told.outcomes[node].bgp.evpn
        assert dict(outcome.flood) == dict(told.outcomes[node].flood)
        assert outcome == told.outcomes[node]
