"""What people type at a terminal, abbreviated, with ? and Tab; errors in EOS's words."""

import pytest

from avdlab.twin.cli import help as shell_help
from avdlab.twin.cli.outcome import CommandError
from tests.twin.cli.show.fabric import features

# (typed, a line of the answer on leaf1)
TYPED = [
    ("sh ver", "Arista cEOSLab"),
    ("sh run int et7", "   ip ospf neighbor bfd"),
    ("sh run sec router bgp", "router bgp 65101"),
    ("sh run | i hostname", "hostname leaf1"),
    ("sh run san | i secret", "username admin privilege 15 role network-admin secret 0 <removed>"),
    ("sh run all int et5", "   no shutdown"),
    ("sh ip bgp su", "BGP summary information for VRF default"),
    ("sh bgp ev su", "BGP summary information for VRF default"),
    ("sh ip ro sum", "Operating routing protocol model: multi-agent"),
    (
        "sh int st conn",
        "Et3                                 connected    in Po3   full   1G     EbraTestPhyPort",
    ),
    ("sh int desc", "Et5                            up             up                 server"),
    ("sh int tr", "Po5             10,20"),
    ("sh vlan 10", "10    WEB                              active    Cpu, Po3, Po5, Vx1"),
    ("sh vx vni", "VNI to VLAN Mapping for Vxlan1"),
    ("sh mlag det", "MLAG Detailed Status:"),
    ("sh po", "Port Channel Port-Channel3:"),
    ("sh span root", "MST0       4096  {mac}  0      2      20    15    None"),
    ("sh bfd pe", "VRF name: default"),
    ("sh ip pre LOOP", ""),
    ("sh route-map PEER-IN", "route-map PEER-IN permit 10"),
    ("sh snmp comm", "Community name: public"),
    ("sh lo th err", ""),
    (
        "sh ip os int br",
        "   Et7          100      default    0.0.0.0         10.9.1.0/31        10    P2P        1",
    ),
]


@pytest.mark.parametrize(("typed", "line"), TYPED)
def test_abbreviated(typed, line):
    mac = features().fabric.state.devices["leaf1"].stp["MST0"].root_mac.replace(":", "")
    shown = ".".join(mac[at : at + 4] for at in (0, 4, 8))
    text = features().session("leaf1", abbreviated=True).run(typed, text=True).text
    assert not line or line.format(mac=shown) in text.splitlines()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("show bfd nonsense", "Invalid input (at token 2: 'nonsense')"),
        ("show snmp notification", "Incomplete command (at token 2: 'notification')"),
        ("show bfd", "Incomplete command (at token 1: 'bfd')"),
        ("show platform trident counters", "Invalid input (at token 2: 'trident')"),
        ("show running-config interfaces Ethernet99", "Interface does not exist"),
        ("show ip route vrf BLUE", "IP Routing table for VRF BLUE does not exist."),
    ],
)
def test_refused(typed, message):
    with pytest.raises(CommandError) as refused:
        features().session("leaf1").run(typed, text=True)
    assert refused.value.errors == (message,)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("show bfd ", {"peers"}),
        ("show snmp ", {"community", "contact", "engineID", "group", "location", "user"}),
        ("show interfaces status ", {"connected", "disabled", "errdisabled", "notconnect"}),
        ("show running-config ", {"all", "diffs", "interfaces", "sanitized", "section"}),
        ("show ip ", {"bgp", "ospf", "prefix-list", "route", "virtual-router"}),
    ],
)
def test_question_mark(typed, words):
    shown = shell_help.ask(features().session("leaf1", abbreviated=True), typed)
    assert words <= {line.strip() for line in shown.splitlines()}


def test_tab_completes():
    session = features().session("leaf1", abbreviated=True)
    assert shell_help.complete(session, "show spanning-tree blo") == (
        "show spanning-tree blockedports "
    )
    assert shell_help.complete(session, "show prefix") == "show prefix"


def test_the_log_of_a_device_is_its_own():
    session = features().session("leaf3")
    session.run("send log level warnings message link of rack 7")
    assert "%SYS-4-LOGMSG_WARNING" in features().text("leaf3", "show logging last 5 minutes")
    assert features().text("leaf3", "show logging threshold errors") == ""
    assert "rack 7" not in features().text("spine", "show logging")
    session.run("clear logging")
    assert features().text("leaf3", "show logging last 5 minutes") == ""
