"""`show ip ospf ...` of a border router that also brings routes in, next to an NSSA."""

from functools import lru_cache

from tests.twin.cli.show.fabric import Lab

TEXT = """
hostname r{n}
ip routing
interface Loopback0
   ip address 10.255.0.{n}/32
   ip ospf area 0
interface Ethernet1
   no switchport
   ip address 10.0.0.{n}/24
   ip ospf priority {n}
   ip ospf area 1
ip route 198.51.100.{n}/32 Null0
router ospf 1
   router-id 10.255.0.{n}
   area 0.0.0.1 nssa
"""
CABLES = ("r1:Ethernet1 r2:Ethernet1", "r1:Ethernet1 r3:Ethernet1")


@lru_cache(maxsize=1)
def lab() -> Lab:
    texts = {f"r{n}": TEXT.format(n=n) for n in (1, 2, 3)}
    texts["r1"] += "   redistribute static\n"
    return Lab(texts, CABLES, hosts=())


def rows(node: str, title: str) -> list[list[str]]:
    """Return the lines of one section of the database."""
    text = lab().text(node, "show ip ospf database")
    _, _, after = text.partition(f"{title}\n")
    lines = after.strip().split("\n\n")[0].splitlines()
    return [line.split() for line in lines[1:]]


def test_routers_of_a_segment_and_its_designated_router():
    routers = rows("r1", "Router Link States (Area 0.0.0.1)")
    assert [(row[0], row[-1]) for row in routers] == [
        *(("10.255.0.1", "1"), ("10.255.0.2", "1"), ("10.255.0.3", "1"))
    ]
    (network,) = rows("r1", "                 Net Link States (Area 0.0.0.1)")
    assert network[:2] == ["10.0.0.3", "10.255.0.3"]


def test_border_routers_tell_what_is_beyond_but_not_what_is_inside():
    told = {(row[0], row[1]) for row in rows("r1", "Summary Net Link States (Area 0.0.0.1)")}
    assert told == {(f"10.255.0.{n}", f"10.255.0.{n}") for n in (1, 2, 3)}


def test_outside_routes_are_type_7_in_the_nssa_and_type_5_elsewhere():
    (inside,) = rows("r2", "Type-7 AS External Link States (Area 0.0.0.1)")
    assert inside[:2] == ["198.51.100.1", "10.255.0.1"]
    (outside,) = rows("r1", "Type-5 AS External Link States")
    assert outside[:2] == ["198.51.100.1", "10.255.0.1"]


def test_what_a_router_is():
    text = lab().text("r1", "show ip ospf")
    assert "It is an autonomous system boundary router and is an area border router" in text
    assert "Number of areas in this router is 2. 1 normal, 0 stub, 1 nssa" in text
    assert "Number of LSAs 11" in text
    assert "It is not an autonomous system boundary router" in lab().text("r2", "show ip ospf")


def test_roles_on_a_segment():
    states = [
        lab().text(node, "show ip ospf interface brief").split("Et1")[1].split()[5:-1]
        for node in ("r1", "r2", "r3")
    ]
    assert states == [["DROther"], ["Backup", "DR"], ["DR"]]


def test_hellos_of_an_nssa_carry_its_bit():
    answer = lab().json("r1", "show ip ospf neighbor")
    entry = answer["vrfs"]["default"]["instList"]["1"]["ospfNeighborEntries"][0]
    assert entry["options"]["nssaCapability"] is True
    assert entry["options"]["externalRoutingCapability"] is False
