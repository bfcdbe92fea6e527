"""What BGP does not compute is said by the device, and so by `avdlab twin coverage`."""

import pytest

ENDS = ("10.0.0.0", "10.0.0.1")


def router(own, other, family):
    return (
        f"interface Ethernet1\n   no switchport\n   ip address {own}/31\n"
        f"router bgp 65000\n   router-id 192.0.2.{1 + ENDS.index(own)}\n"
        f"   neighbor {other} remote-as 65000\n"
        f"   address-family {family}\n      neighbor {other} activate\n"
    )


@pytest.mark.parametrize("family", ["rt-membership", "link-state", "path-selection", "dps"])
def test_families_whose_routes_are_not_computed_are_named(family, fabric):
    near, far = ENDS
    outcomes = fabric({"a": router(near, far, family), "b": router(far, near, family)}).outcomes
    for outcome in outcomes.values():
        [note] = outcome.notes
        assert note.endswith("sessions negotiate them, routes in them are not computed")


def test_computed_families_leave_no_note(fabric):
    near, far = ENDS
    outcomes = fabric({"a": router(near, far, "evpn"), "b": router(far, near, "ipv6")}).outcomes
    assert [note for outcome in outcomes.values() for note in outcome.notes] == []
