"""The policy explains what cannot hold in a lab, and nothing else."""

import pytest

from avdlab.topology.model import Link, LinkEnd, Node, NodeKind, Topology
from avdlab.topology.partial import without
from avdlab.validate.exceptions import ENTRIES
from avdlab.validate.policy import Policy

UNSYNCHRONISED = "NTP status mismatch - Expected: synchronised Actual: unsynchronised"
DISABLED = "NTP status mismatch - Expected: synchronised Actual: NTP is disabled."
ON_LAB = "test is not supported on cEOSLab"


@pytest.mark.parametrize(
    ("test", "status", "message", "entry"),
    [
        ("VerifyNTP", "failure", UNSYNCHRONISED, "lab-has-no-ntp-server"),
        (
            "VerifyNTP",
            "failure",
            UNSYNCHRONISED + "   poll interval unknown",
            "lab-has-no-ntp-server",
        ),
        ("VerifyNTP", "failure", DISABLED, ""),
        ("VerifyNTP", "error", UNSYNCHRONISED, ""),
        ("VerifyNTP", "success", "", ""),
        ("VerifyTemperature", "skipped", f"VerifyTemperature {ON_LAB}", "no-optics-power-or-fans"),
        (
            "VerifySpecificPath",
            "skipped",
            f"VerifySpecificPath {ON_LAB}",
            "not-on-virtual-hardware",
        ),
        ("VerifyX", "skipped", "'show x' is not supported on vEOS-lab", "not-on-virtual-hardware"),
        ("VerifyTemperature", "skipped", "VerifyTemperature test is not supported on 7280R3", ""),
        ("VerifyMlagStatus", "skipped", "MLAG is disabled", ""),
        ("VerifyOSPFNeighborState", "skipped", "No OSPF neighbor detected", ""),
        ("VerifyVxlanConfigSanity", "skipped", "VXLAN is not configured", ""),
        ("VerifyX", "skipped", "'show x' is not supported on cEOSLab\nMLAG is disabled", ""),
    ],
)
def test_entries(test, status, message, entry):
    assert names(Policy().explain("leaf1", test, status, (message,))) == entry


def names(entries):
    return ", ".join(entry.name for entry in entries)


def test_a_skip_without_words_is_not_explained():
    assert Policy().explain("leaf1", "VerifyTemperature", "skipped", ()) == ()


def test_a_lab_with_an_ntp_server_must_synchronise():
    policy = Policy(services=frozenset({"ntp"}))
    assert policy.explain("leaf1", "VerifyNTP", "failure", (UNSYNCHRONISED,)) == ()


def test_ntp_may_be_off_only_where_the_design_has_none():
    policy = Policy.of({"leaf1": "hostname leaf1\n", "leaf2": "ntp server 10.0.0.1\n"})
    found = policy.explain("leaf1", "VerifyNTP", "failure", (DISABLED,))
    assert names(found) == "design-has-no-ntp-server"
    assert policy.explain("leaf2", "VerifyNTP", "failure", (DISABLED,)) == ()


def test_no_entry_can_turn_a_pass_or_an_error_into_anything():
    assert {entry.status for entry in ENTRIES} <= {"failure", "skipped"}
    assert all(entry.reason and entry.message for entry in ENTRIES)
    assert len({entry.name for entry in ENTRIES}) == len(ENTRIES)


DOWN = "Interface: {} - Status mismatch - Expected: up/up, Actual: down/lowerLayerDown"


@pytest.mark.parametrize(
    ("ports", "test", "explained"),
    [
        (("Ethernet5",), "VerifyInterfacesStatus", True),
        (("Ethernet5", "Ethernet5.100"), "VerifyInterfacesStatus", True),
        (("Ethernet5", "Ethernet1"), "VerifyInterfacesStatus", False),
        (("Ethernet6",), "VerifyInterfacesStatus", False),
        (("Ethernet5",), "VerifyInterfaceErrors", False),
    ],
)
def test_a_port_may_be_down_only_where_the_design_plugs_nothing_in(ports, test, explained):
    """Ethernet1 has a cable by design that an edited cabling lacks; Ethernet6 got one by it."""
    leaf = Node("leaf1", NodeKind.DEVICE, open_ports=("Ethernet5", "Ethernet6"))
    link = Link.between(LinkEnd("leaf1", "Ethernet6"), LinkEnd("server", "eth0"))
    nodes = {"leaf1": leaf, "server": Node("server", NodeKind.ENDPOINT)}
    policy = Policy.of({}, topology=Topology("t", nodes, (link,)))
    messages = tuple(DOWN.format(port) for port in ports)
    found = policy.explain("leaf1", test, "failure", messages)
    assert names(found) == ("design-names-nothing-on-port" if explained else "")


def test_ports_of_endpoints_that_the_lab_leaves_out_may_be_down():
    leaf = Node(
        "leaf1",
        NodeKind.DEVICE,
        interfaces=("Ethernet1", "Ethernet5"),
        channels={"Port-Channel5": ("Ethernet5",), "Port-Channel1": ("Ethernet1",)},
    )
    web = Node("web1", NodeKind.ENDPOINT, interfaces=("eth0",))
    spine = Node("spine1", NodeKind.DEVICE, interfaces=("Ethernet1",))
    links = (
        Link(LinkEnd("leaf1", "Ethernet1"), LinkEnd("spine1", "Ethernet1")),
        Link(LinkEnd("leaf1", "Ethernet5"), LinkEnd("web1", "eth0")),
    )
    whole = Topology("t", {"leaf1": leaf, "web1": web, "spine1": spine}, links)
    built = without(whole, ["web1"], "no endpoints here")
    assert built.nodes["leaf1"].absent_ports == ("Ethernet5", "Port-Channel5")
    assert "no endpoints here" in built.notes[0]
    policy = Policy.of({"leaf1": ""}, topology=built)

    def explained(test, message):
        return names(policy.explain("leaf1", test, "failure", (message,)))

    down = "Interface: {} - Status mismatch - Expected: up/up, Actual: down/lowerLayerDown"
    assert explained("VerifyInterfacesStatus", down.format("Port-Channel5")) == "endpoint-left-out"
    assert explained("VerifyInterfacesStatus", down.format("Ethernet5")) == "endpoint-left-out"
    assert explained("VerifyInterfacesStatus", down.format("Ethernet1")) == ""
    inactive = "MLAG status is not ok - Inactive Ports: {} Partial Active Ports: {}"
    assert explained("VerifyMlagInterfaces", inactive.format(1, 0)) == "mlag-to-endpoint-left-out"
    assert explained("VerifyMlagInterfaces", inactive.format(2, 0)) == ""
    assert explained("VerifyMlagInterfaces", inactive.format(1, 1)) == ""
    everything = Policy.of({"leaf1": ""}, topology=whole)
    inactive = (inactive.format(1, 0),)
    assert everything.explain("leaf1", "VerifyMlagInterfaces", "failure", inactive) == ()
