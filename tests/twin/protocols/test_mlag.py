"""MLAG between two switches."""

from collections.abc import Callable

import pytest

from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.inputs import Bond, Endpoint, Faults
from avdlab.twin.protocols.mlag import system_id
from avdlab.twin.tables.l2 import MlagStatus

Lab = Callable[..., Fabric]
HOST = Endpoint("host", ("eth1", "eth2"), (Bond("bond0", ("eth1", "eth2")),))
LEGS = ("left:Ethernet5 host:eth1", "right:Ethernet5 host:eth2")


def test_a_good_pair_connects(
    lab: Lab, mlag_pair: dict[str, str], pair_cables: tuple[str, ...]
) -> None:
    devices = lab(mlag_pair, (*pair_cables, *LEGS), [HOST]).state.devices
    left, right = devices["left"].mlag, devices["right"].mlag
    assert (left.status, left.negotiation) == (MlagStatus.ACTIVE, "connected")
    assert (left.peer_link_status, left.local_interface_status) == ("up", "up")
    assert {left.role, right.role} == {"primary", "secondary"}
    primary = min(devices.values(), key=lambda device: device.identity.system_mac)
    assert primary.mlag.role == "primary"
    assert left.system_id == right.system_id == system_id(primary.identity.system_mac)
    assert [i.status for i in left.interfaces] == ["active-full"]
    assert (left.global_inconsistencies, left.interface_inconsistencies) == ({}, {})


def test_priority_beats_the_mac(
    lab: Lab, mlag_pair: dict[str, str], pair_cables: tuple[str, ...]
) -> None:
    for name, config in mlag_pair.items():
        text = config.replace("domain-id", "primary-priority 1\n   domain-id")
        devices = lab({**mlag_pair, name: text}, pair_cables).state.devices
        assert devices[name].mlag.role == "primary"


def test_the_locally_administered_bit() -> None:
    # as recorded: the system-id of a pair whose primary is 44:38:39:99:c7:9e
    assert system_id("44:38:39:99:c7:9e") == "46:38:39:99:c7:9e"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("domain-id PAIR", "domain-id OTHER", "domain-id differs"),
        ("peer-address 10.255.0.0", "peer-address 10.255.0.9", "peer-address is not"),
        ("   no autostate\n", "   shutdown\n", "local-interface Vlan4094 is down"),
    ],
)
def test_why_a_pair_does_not_connect(
    lab: Lab,
    mlag_pair: dict[str, str],
    pair_cables: tuple[str, ...],
    old: str,
    new: str,
    reason: str,
) -> None:
    assert old in mlag_pair["right"]
    configs = {**mlag_pair, "right": mlag_pair["right"].replace(old, new)}
    mlag = lab(configs, pair_cables).state.devices["left"].mlag
    assert (mlag.status, mlag.negotiation) == (MlagStatus.INACTIVE, "connecting")
    assert reason in mlag.reason


def test_incomplete_configuration_is_disabled(
    lab: Lab, mlag_pair: dict[str, str], pair_cables: tuple[str, ...]
) -> None:
    right = mlag_pair["right"].replace("   peer-link Port-Channel1\n", "")
    devices = lab({**mlag_pair, "right": right}, pair_cables).state.devices
    assert devices["right"].mlag.status is MlagStatus.DISABLED


def test_port_states(lab: Lab, mlag_pair: dict[str, str], pair_cables: tuple[str, ...]) -> None:
    fabric = lab(mlag_pair, (*pair_cables, LEGS[0]), [HOST])
    state = fabric.state.devices
    assert [i.status for i in state["left"].mlag.interfaces] == ["active-partial"]
    assert [i.status for i in state["right"].mlag.interfaces] == ["active-partial"]
    alone = mlag_pair["right"].replace("   mlag 5\n", "")
    state = lab({**mlag_pair, "right": alone}, pair_cables).state.devices
    assert [i.status for i in state["left"].mlag.interfaces] == ["configured"]
    shut = mlag_pair["right"].replace("   mlag 5\n", "   mlag 5\n   shutdown\n")
    state = lab({**mlag_pair, "right": shut}, pair_cables).state.devices
    assert [i.status for i in state["right"].mlag.interfaces] == ["disabled"]
    assert [i.status for i in state["left"].mlag.interfaces] == ["inactive"]


def test_a_vlan_gone_from_one_peer_is_told_on_both(
    lab: Lab, mlag_pair: dict[str, str], pair_cables: tuple[str, ...]
) -> None:
    right = mlag_pair["right"].replace("vlan 10\n   name TEN\n", "")
    devices = lab({**mlag_pair, "right": right}, pair_cables).state.devices
    left = devices["left"].mlag
    assert left.status is MlagStatus.ACTIVE
    assert left.global_inconsistencies["bridging"] == {"admin-state vlan 10": ("active", "-")}
    assert "Port-Channel5" in left.interface_inconsistencies
    other = devices["right"].mlag.global_inconsistencies["bridging"]
    assert other == {"admin-state vlan 10": ("-", "active")}


def test_losing_the_peer_link_keeps_the_bundles_up(
    lab: Lab,
    mlag_pair: dict[str, str],
    pair_cables: tuple[str, ...],
    wire: Callable[[str], object],
) -> None:
    fabric = lab(mlag_pair, (*pair_cables, *LEGS), [HOST])
    cut = frozenset(wire(text) for text in pair_cables)
    fabric.set_faults(Faults(cut=cut))  # type: ignore[arg-type]
    for device in fabric.state.devices.values():
        assert device.mlag.status is MlagStatus.INACTIVE
        assert device.mlag.peer_link_status == "lowerLayerDown"
        assert device.ports["Port-Channel5"].up
