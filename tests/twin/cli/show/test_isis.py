"""`show isis neighbors`: the keys that EOS 4.3x prints of an adjacency."""

from tests.twin.cli.show.fabric import features

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
