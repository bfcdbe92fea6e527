"""PIM sparse mode: neighbors, designated routers, and what one wrong line does."""

import pytest

from avdlab.net.addresses import format_ipv4

CABLE = "a:Ethernet1 b:Ethernet7"
A = "interface Ethernet1\n   no switchport\n   ip address 10.0.0.1/31\n   pim ipv4 sparse-mode\n"
B = A.replace("Ethernet1", "Ethernet7").replace("10.0.0.1", "10.0.0.0")


def seen(fabric, node="a"):
    """Return port -> addresses of the neighbors, and of the designated router."""
    return {
        port.interface: (
            [format_ipv4(neighbor.address) for neighbor in port.heard],
            format_ipv4(port.designated),
        )
        for port in fabric.state.devices[node].pim
    }


def test_both_ends_hear_each_other_and_the_higher_address_is_designated(lab):
    fabric = lab({"a": A, "b": B}, (CABLE,))
    assert seen(fabric) == {"Ethernet1": (["10.0.0.0"], "10.0.0.1")}
    assert seen(fabric, "b") == {"Ethernet7": (["10.0.0.1"], "10.0.0.1")}


def test_a_higher_priority_is_designated(lab):
    fabric = lab({"a": A, "b": f"{B}   pim ipv4 dr-priority 2\n"}, (CABLE,))
    assert {designated for _, designated in seen(fabric).values()} == {"10.0.0.0"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("   pim ipv4 sparse-mode\n", ""),
        ("   no switchport\n", ""),
        ("   ip address 10.0.0.0/31\n", ""),
        ("   no switchport\n", "   no switchport\n   shutdown\n"),
    ],
)
def test_a_line_that_is_wrong_at_the_other_end_leaves_no_neighbor(lab, old, new):
    fabric = lab({"a": A, "b": B.replace(old, new)}, (CABLE,))
    assert all(neighbors == [] for neighbors, _ in seen(fabric).values())
    assert seen(fabric, "b") == {} or "pim" in B.replace(old, new)


def test_a_cut_cable_takes_the_port_out(lab, wire):
    fabric = lab({"a": A, "b": B}, (CABLE,))
    fabric.set_faults(type(fabric.faults)(cut=frozenset({wire(CABLE)})))
    assert seen(fabric) == {}


def test_hellos_are_heard_across_a_vlan_and_subnets_need_not_agree(lab):
    switch = "vlan 5\n" + "".join(
        f"interface Ethernet{n}\n   switchport access vlan 5\n" for n in (1, 2, 3)
    )
    routers = {
        name: A.replace("10.0.0.1/31", f"10.0.{number}.1/24")
        for number, name in enumerate(("x", "y", "z"))
    }
    cables = tuple(f"sw:Ethernet{n + 1} {name}:Ethernet1" for n, name in enumerate(routers))
    fabric = lab({**routers, "sw": switch}, cables)
    assert seen(fabric, "x") == {"Ethernet1": (["10.0.1.1", "10.0.2.1"], "10.0.2.1")}


def test_hellos_from_the_address_of_another_interface(lab):
    loopback = (
        "   pim ipv4 local-interface Loopback0\ninterface Loopback0\n   ip address 1.1.1.9/32\n"
    )
    fabric = lab({"a": A, "b": B + loopback}, (CABLE,))
    assert seen(fabric) == {"Ethernet1": (["1.1.1.9"], "10.0.0.1")}
