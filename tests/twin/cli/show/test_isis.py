"""`show isis neighbors`: the keys that EOS 4.3x prints of an adjacency."""

from tests.scenarios import network
from tests.twin.cli.show.fabric import Lab, features

KEYS = {
    *("state", "circuitId", "routerIdV4", "interfaceName", "lastHelloTime", "level", "snpa"),
    *("hostname", "details"),
}
DETAILS = {
    *("stateChanged", "grSupported", "interfaceAddressFamily", "srEnabled", "advertisedHoldTime"),
    *("ip4Address", "neighborAddressFamily", "areaIds", "bfdIpv4State", "bfdIpv6State", "grState"),
}


def test_an_adjacency_has_the_keys_that_eos_prints():
    vrfs = features().json("core1", "show isis neighbors")["vrfs"]
    (instance,) = vrfs["default"]["isisInstances"].values()
    (neighbor,) = instance["neighbors"].values()
    (adjacency,) = neighbor["adjacencies"]
    assert adjacency.keys() == KEYS
    assert adjacency["details"].keys() == DETAILS
    assert adjacency["details"]["interfaceAddressFamily"] == "ipv4"
    assert adjacency["details"]["neighborAddressFamily"] == "ipv4"


def test_the_state_of_bfd_stands_where_it_was_asked_for():
    vrfs = features().json("core1", "show isis neighbors")["vrfs"]
    (neighbor,) = vrfs["default"]["isisInstances"]["CORE"]["neighbors"].values()
    assert neighbor["adjacencies"][0]["details"]["bfdIpv4State"] == "up"
    (process,) = (
        features().json("core1", "show ip ospf neighbor")["vrfs"]["default"]["instList"].values()
    )
    (details,) = [entry["details"] for entry in process["ospfNeighborEntries"]]
    assert (details["bfdState"], details["bfdRequestSent"]) == ("up", True)


def test_a_point_to_point_link_has_one_adjacency_for_both_levels():
    """Public EOS texts: `L1L2` on such links, L1 and L2 on a LAN; what does not fit is missing."""

    def router(number: int, area: str = "49.0001") -> str:
        net = f"net {area}.0000.0000.{number:04}.00"
        return f"router isis CORE\n   {net}\n   address-family ipv4 unicast\n"

    alone = "isis enable CORE\n"
    links = dict.fromkeys(((1, 2), (2, 1)), f"{alone}isis network point-to-point\n")
    small = network(
        ((1, 2), (2, 3), (2, 4)),
        {1: router(1), 2: router(2), 3: router(3), 4: router(4, "49.0002")},
        on_link=links,
        every_link=alone,
    )
    cables = [" ".join(f"{p.node}:{p.interface}" for p in (c.a, c.b)) for c in small.cables]
    small_lab = Lab(small.texts, tuple(cables), hosts=())
    rows = [line.split()[2:5] for line in small_lab.text("r2", "show isis neighbors").splitlines()]
    assert rows[2:] == [
        ["r1", "L1L2", "Ethernet1"],
        ["r3", "L1", "Ethernet2"],
        ["r3", "L2", "Ethernet2"],
        ["r4", "L2", "Ethernet3"],
    ]
    found = small_lab.json("r2", "show isis neighbors")["vrfs"]["default"]["isisInstances"]["CORE"]
    (adjacency,) = found["neighbors"]["0000.0000.0001"]["adjacencies"]
    assert adjacency["level"] == "level-1-2"
