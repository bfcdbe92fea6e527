"""BGP confederations (RFC 5065): member ASs inside, one AS toward the others."""

import pytest

from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.tables.bgp import path_text
from tests.scenarios import address, bgp, inside, loopback, network, peer
from tests.twin.protocols.bgp.eos import paths, run, told

ISIS = "isis enable CORE\nisis network point-to-point"
LAST = "203.0.113.0/24"


def isis(number: int) -> str:
    net = f"49.0001.0000.0000.{number:04}.00"
    return f"router isis CORE\n   net {net}\n   address-family ipv4 unicast\n"


def chain(*, more: str = "", out: str = "", peers: str = "65101 65102") -> Fabric:
    """r1 (AS 200) - r2 (member 65101) - r3 (member 65102) - r4 (the same) - r5 (AS 300), which
    tells of a prefix. `more` are lines of r3's BGP, `out` those of
    r5's route-map."""
    member = f"bgp confederation identifier 100\nbgp confederation peers {peers}\n"
    policy = f"route-map OUT permit 10\n   {out}\n" if out else ""
    there = (100, "send-community", *(("route-map OUT out",) if out else ()))
    return run(
        network(
            ((1, 2), (2, 3), (3, 4), (4, 5)),
            {
                1: bgp(1, 200, peer(1, 2, 100)),
                2: isis(2) + bgp(2, 65101, member + peer(2, 1, 200) + peer(2, 3, 65102)),
                3: isis(3)
                + bgp(
                    3,
                    65102,
                    member + peer(3, 2, 65101, "send-community") + inside(4, asn=65102) + more,
                ),
                4: isis(4)
                + bgp(
                    4,
                    65102,
                    member
                    + inside(3, "next-hop-self", "send-community", asn=65102)
                    + peer(4, 5, 300),
                ),
                5: f"ip route {LAST} Null0\n{policy}"
                + bgp(5, 300, peer(5, 4, *there) + "redistribute static\n"),
            },
            on_link=dict.fromkeys(((2, 3), (3, 2), (3, 4), (4, 3)), ISIS),
            on_loopback="isis enable CORE",
        )
    )


@pytest.fixture(scope="module")
def fabric() -> Fabric:
    return chain()


def path(fabric: Fabric, node: str) -> str | None:
    found = told(fabric, node, LAST)
    return None if found is None else path_text(found)


def test_members_stand_in_the_path_inside_and_are_gone_outside(fabric: Fabric) -> None:
    seen = {node: path(fabric, node) for node in ("r4", "r3", "r2", "r1")}
    assert seen == {"r4": "300", "r3": "300", "r2": "(65102) 300", "r1": "100 300"}


def test_the_next_hop_goes_through_the_members(fabric: Fabric) -> None:
    (found,) = paths(fabric, "r2", LAST)
    assert not found.ebgp
    assert found.attributes.local_preference == 100
    assert found.attributes.originator_id is None


def test_local_preference_is_told_to_the_other_members() -> None:
    policy = f"neighbor {address(2, 3)} export-localpref 300\nnetwork {loopback(3)}/32\n"
    (own,) = paths(chain(more=policy), "r2", f"{loopback(3)}/32")
    assert own.attributes.local_preference == 300


def test_local_as_community_stays_in_the_member_as() -> None:
    fabric = chain(out="set community local-as")
    assert path(fabric, "r3") == "300"
    assert path(fabric, "r2") is None


def test_who_is_no_peer_of_the_confederation_is_outside() -> None:
    """r3 does not know 65101 as a member, and so speaks as AS 100 to it."""
    bgps = chain(peers="65102").state.devices["r3"].bgp
    assert bgps is not None
    states = {found.peer_address: (found.local_as, str(found.state)) for found in bgps.sessions}
    assert states[address(2, 3)] == (100, "Active")
    assert states[loopback(4)] == (65102, "Established")


def test_ranges_of_members() -> None:
    assert path(chain(peers="65101-65103 65110"), "r1") == "100 300"
