"""Small networks as configuration texts, shared by the tests of the twin and by those with FRR.

A network is written as routers with lines, and links `a:Ethernet1 b:Ethernet1`. Addresses of
links and loopbacks follow from the numbers of the routers, so that a reader sees only what a case
is about.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from avdlab.twin.fabric.inputs import Cable, Plug


def cable(text: str) -> Cable:
    """Read `a:Ethernet1 b:Ethernet2`."""
    return Cable.between(*(Plug(*end.split(":")) for end in text.split()))


@dataclass(frozen=True)
class Network:
    """Texts and cables."""

    texts: dict[str, str]
    cables: frozenset[Cable]


def loopback(number: int) -> str:
    """Return the address of router `number`: 10.255.0.NUMBER."""
    return f"10.255.0.{number}"


def address(one: int, two: int) -> str:
    """Return the address of router `one` on its link to router `two`: 10.0.LOW*16+HIGH.0 or .1."""
    low, high = sorted((one, two))
    return f"10.0.{low * 16 + high}.{0 if one == low else 1}"


def network(
    links: Iterable[tuple[int, int]],
    lines: Mapping[int, str],
    *,
    on_link: Mapping[tuple[int, int], str] | None = None,
    on_loopback: str = "",
    every_link: str = "",
) -> Network:
    """Build routers r1, r2 ... `lines` holds the rest of each text; `on_link[one, two]` the lines
    of router one's interface toward router two, `every_link` those of all."""
    ports: dict[int, int] = dict.fromkeys(lines, 0)
    texts = {n: _head(n, on_loopback) for n in lines}
    cables = []
    for one, two in links:
        names = []
        for near, far in ((one, two), (two, one)):
            ports[near] += 1
            name = f"Ethernet{ports[near]}"
            names.append(f"r{near}:{name}")
            own = (on_link or {}).get((near, far), every_link)
            texts[near] += (
                f"interface {name}\n   no switchport\n   ip address {address(near, far)}/31\n"
            )
            texts[near] += _indented(own)
        cables.append(cable(" ".join(names)))
    found = {
        f"r{n}": text + "ip routing\n" + lines[n].strip("\n") + "\n" for n, text in texts.items()
    }
    return Network(found, frozenset(cables))


def _head(number: int, on_loopback: str) -> str:
    text = f"hostname r{number}\ninterface Loopback0\n   ip address {loopback(number)}/32\n"
    return text + _indented(on_loopback)


def _indented(lines: str) -> str:
    return "".join(f"   {line.strip()}\n" for line in lines.splitlines() if line.strip())


# ------------------------------------------------------------------------------ BGP
def bgp(number: int, asn: int, lines: str) -> str:
    """Return `router bgp` of a router."""
    head = f"router bgp {asn}\n   router-id {loopback(number)}\n"
    return head + _indented(lines)


def peer(near: int, far: int, asn: int, *lines: str) -> str:
    """Return the lines of a neighbor on the link from `near` to `far`."""
    words = (f"remote-as {asn}", *lines)
    return "".join(f"neighbor {address(far, near)} {line}\n" for line in words)


def inside(far: int, *lines: str, asn: int = 65000) -> str:
    """Return the lines of an internal neighbor, from loopback to loopback."""
    words = (f"remote-as {asn}", "update-source Loopback0", *lines)
    return "".join(f"neighbor {loopback(far)} {line}\n" for line in words)
