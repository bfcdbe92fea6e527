"""Which members of a Port-Channel bundle."""

from collections.abc import Callable

import pytest

from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.inputs import Bond, Endpoint

Lab = Callable[..., Fabric]


def switch(name: str, mode: str = "active", channel: int = 1, more: str = "") -> str:
    ports = "".join(
        f"interface Ethernet{n}\n   channel-group {channel} mode {mode}\n" for n in (1, 2)
    )
    return f"hostname {name}\ninterface Port-Channel{channel}\n{more}{ports}"


CABLES = ("a:Ethernet1 b:Ethernet1", "a:Ethernet2 b:Ethernet2")


@pytest.mark.parametrize(
    ("left", "right", "bundled"),
    [
        ("active", "active", ("Ethernet1", "Ethernet2")),
        ("active", "passive", ("Ethernet1", "Ethernet2")),
        ("passive", "passive", ()),
        ("on", "on", ("Ethernet1", "Ethernet2")),
        ("active", "on", ()),
    ],
)
def test_modes(lab: Lab, left: str, right: str, bundled: tuple[str, ...]) -> None:
    fabric = lab({"a": switch("a", left), "b": switch("b", right)}, CABLES)
    assert fabric.state.devices["a"].port_channels["Port-Channel1"].active == bundled


def test_the_channel_is_down_without_members(lab: Lab) -> None:
    fabric = lab({"a": switch("a", "passive"), "b": switch("b", "passive")}, CABLES)
    port = fabric.state.devices["a"].ports["Port-Channel1"]
    assert (port.status.value, port.line.value) == ("notconnect", "lowerLayerDown")
    assert port.mtu == 0


def test_a_member_towards_another_partner_stays_out(lab: Lab) -> None:
    configs = {name: switch(name) for name in "abc"}
    fabric = lab(configs, ("a:Ethernet1 b:Ethernet1", "a:Ethernet2 c:Ethernet2"))
    channel = fabric.state.devices["a"].port_channels["Port-Channel1"]
    assert channel.active == ("Ethernet1",)
    assert channel.inactive[0].reason == "partner differs from the bundle's"


def test_min_links(lab: Lab) -> None:
    more = "   port-channel min-links 2\n"
    fabric = lab({"a": switch("a", more=more), "b": switch("b")}, CABLES[:1])
    assert fabric.state.devices["a"].port_channels["Port-Channel1"].active == ()
    assert fabric.state.devices["b"].port_channels["Port-Channel1"].active == ()


def test_a_shut_channel_bundles_nothing_at_either_end(lab: Lab) -> None:
    fabric = lab({"a": switch("a", more="   shutdown\n"), "b": switch("b")}, CABLES)
    assert fabric.state.devices["a"].ports["Port-Channel1"].status.value == "disabled"
    assert not fabric.state.devices["b"].ports["Port-Channel1"].up


@pytest.mark.parametrize(
    ("mode", "active", "fallback"),
    [("static", ("Ethernet1",), "static"), ("individual", (), "individual")],
)
def test_fallback_towards_a_host_without_lacp(
    lab: Lab, mode: str, active: tuple[str, ...], fallback: str
) -> None:
    config = switch("a", more=f"   port-channel lacp fallback {mode}\n")
    host = Endpoint("host", ("eth1", "eth2"))
    fabric = lab({"a": config}, ("a:Ethernet1 host:eth1", "a:Ethernet2 host:eth2"), [host])
    channel = fabric.state.devices["a"].port_channels["Port-Channel1"]
    assert (channel.active, channel.fallback) == (active, fallback)


def test_a_host_bond_speaks_lacp(lab: Lab) -> None:
    host = Endpoint("host", ("eth1", "eth2"), (Bond("bond0", ("eth1", "eth2")),))
    cables = ("a:Ethernet1 host:eth1", "a:Ethernet2 host:eth2")
    fabric = lab({"a": switch("a", "passive")}, cables, [host])
    assert len(fabric.state.devices["a"].port_channels["Port-Channel1"].active) == 2


def test_mlag_peers_are_one_partner(
    lab: Lab, mlag_pair: dict[str, str], pair_cables: tuple[str, ...]
) -> None:
    configs = {**mlag_pair, "down": switch("down", channel=9)}
    cables = (*pair_cables, "left:Ethernet5 down:Ethernet1", "right:Ethernet5 down:Ethernet2")
    fabric = lab(configs, cables)
    channel = fabric.state.devices["down"].port_channels["Port-Channel9"]
    assert channel.active == ("Ethernet1", "Ethernet2")
    systems = {member.partner_system for member in channel.members}
    assert systems == {fabric.state.devices["left"].mlag.system_id}


def test_a_pair_that_never_connected_splits_the_bundle(
    lab: Lab, mlag_pair: dict[str, str], pair_cables: tuple[str, ...]
) -> None:
    right = mlag_pair["right"].replace("domain-id PAIR", "domain-id OTHER")
    configs = {**mlag_pair, "right": right, "down": switch("down", channel=9)}
    cables = (*pair_cables, "left:Ethernet5 down:Ethernet1", "right:Ethernet5 down:Ethernet2")
    state = lab(configs, cables).state
    assert state.devices["down"].port_channels["Port-Channel9"].active == ("Ethernet1",)
