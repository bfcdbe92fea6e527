"""The realistic clock: what is there when, after links and devices went and came."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest

from avdlab.twin.config.loader import load
from avdlab.twin.device import DeviceState
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.identity import identity
from avdlab.twin.fabric.inputs import Cable, Faults, Plug
from avdlab.twin.tables.l2 import MlagStatus, StpState

HEADER = "hostname {name}\nip routing\ninterface Loopback0\n   ip address 1.1.1.{n}/32\n"
PORT = "interface Ethernet1\n   no switchport\n   ip address 10.0.0.{n}/24\n"
BGP = "router bgp 6500{n}\n   neighbor 10.0.0.{peer} remote-as 6500{peer}\n"


class Lab:
    """A fabric whose clock is stepped by the test."""

    def __init__(self, configs: Mapping[str, str], cables: Iterable[str]) -> None:
        self.now = 1000.0
        self.cables = {
            text: Cable.between(*(Plug(*end.split(":")) for end in text.split())) for text in cables
        }
        names = {name: identity("test", name) for name in configs}
        self.fabric = Fabric("test", names, lambda: self.now, realistic=True)
        self.fabric.set_wiring(self.cables.values(), {})
        for name, text in configs.items():
            self.configure(name, text)
        assert self.fabric.next_event is None, "a fabric begins as it is after a long time"

    def configure(self, name: str, text: str) -> None:
        loaded = load(text)
        assert not loaded.rejected
        self.fabric.configure(name, loaded.config)

    def cut(self, *cables: str) -> None:
        faults = replace(self.fabric.faults, cut=frozenset(self.cables[text] for text in cables))
        self.fabric.set_faults(faults)

    def drop(self, cable: str, *protocols: str) -> None:
        self.fabric.set_faults(Faults(dropped={self.cables[cable]: frozenset(protocols)}))

    def stop(self, *nodes: str) -> None:
        self.fabric.set_faults(replace(self.fabric.faults, stopped=frozenset(nodes)))

    def heal(self) -> None:
        self.fabric.set_faults(Faults())

    def after(self, seconds: float) -> "Lab":
        self.now += seconds
        return self

    def device(self, name: str) -> DeviceState:
        return self.fabric.state.devices[name]

    def session(self, name: str, number: int = 0) -> str:
        bgp = self.device(name).bgp
        assert bgp is not None
        return str(bgp.sessions[number].state)

    def events(self) -> list[float]:
        """Let everything run out; return after how many seconds something happened."""
        start, found = self.now, []
        while (due := self.fabric.next_event) is not None:
            found.append(round(due - start, 1))
            self.now = due
        return found


def routers(*extra: str, bgp: str = BGP) -> dict[str, str]:
    """Two routers on one cable: a and b."""
    text = HEADER + PORT + "".join(extra) + bgp
    return {"a": text.format(name="a", n=1, peer=2), "b": text.format(name="b", n=2, peer=1)}


WIRE = "a:Ethernet1 b:Ethernet1"


def test_a_session_on_a_cut_cable_is_gone_at_once_and_comes_back_within_five_seconds():
    lab = Lab(routers(), (WIRE,))
    assert lab.session("a") == "Established"
    lab.cut(WIRE)
    assert lab.session("a") == "Idle"
    assert lab.events() == []
    lab.heal()
    assert not lab.device("a").ports["Ethernet1"].up
    lab.after(0.1)
    assert lab.device("a").ports["Ethernet1"].up
    assert lab.session("a") == "Connect"
    assert not lab.device("a").lldp
    assert lab.after(2.0).device("a").lldp
    assert lab.after(3.0).session("a") == lab.session("b") == "Established"
    assert lab.events() == []


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        ("", 180.0),
        ("   timers bgp 10 30\n", 30.0),
        ("   neighbor 10.0.0.{peer} timers 3 9\n", 9.0),
        ("   neighbor 10.0.0.{peer} bfd\n", 0.9),
        (
            "   neighbor P peer group\n   neighbor P bfd\n   neighbor 10.0.0.{peer} peer group P\n",
            0.9,
        ),
    ],
)
def test_a_session_whose_frames_vanish_holds_until_its_timer_runs_out(lines, seconds):
    lab = Lab(routers(bgp=BGP + lines), (WIRE,))
    lab.drop(WIRE, "bgp")
    assert lab.session("a") == "Established"
    assert lab.after(seconds - 0.1).session("a") == "Established"
    assert lab.after(0.1).session("a") == lab.session("b") == "Active"


def test_a_session_that_gets_its_way_back_in_time_has_noticed_nothing():
    lab = Lab(routers(), (WIRE,))
    since = dict(lab.fabric.changed("a"))
    lab.drop(WIRE, "bgp")
    lab.after(100)
    lab.heal()
    assert lab.events() == []
    assert lab.session("a") == "Established"
    assert lab.fabric.changed("a") == since


def test_a_change_of_the_configuration_ends_a_held_session():
    lab = Lab(routers(), (WIRE,))
    lab.drop(WIRE, "bgp")
    lab.after(10)
    lab.configure("b", routers()["b"] + "   neighbor 10.0.0.1 shutdown\n")
    assert lab.session("a") == "Active"
    assert lab.events() == []


def test_times_of_changes_are_those_of_the_events_whenever_somebody_asks():
    lab = Lab(routers(), (WIRE,))
    lab.drop(WIRE, "bgp")
    lab.after(100000)
    assert lab.fabric.changed("a")[("bgp", "default", "10.0.0.2")] == 1000 + 180


OSPF = (
    "interface Ethernet1\n   ip ospf area 0\n   ip ospf network point-to-point\n",
    "router ospf 1\n   router-id 1.1.1.{n}\n",
)


def ospf_state(lab: Lab) -> str:
    return ",".join(n.state for i in lab.device("a").ospf for n in i.neighbors)


def test_ospf_holds_for_the_dead_interval_and_comes_back_within_a_hello():
    lab = Lab(routers(*OSPF, bgp=""), (WIRE,))
    lab.drop(WIRE, "all")
    assert ospf_state(lab.after(39.9)) == "full"
    assert ospf_state(lab.after(0.1)) == ""
    lab.after(100)
    lab.heal()
    assert ospf_state(lab) == "init"
    assert ospf_state(lab.after(10)) == "full"


def test_ospf_on_a_broadcast_network_waits_before_it_elects():
    lab = Lab(
        routers(OSPF[0].replace("   ip ospf network point-to-point\n", ""), OSPF[1], bgp=""),
        (WIRE,),
    )
    lab.cut(WIRE)
    lab.heal()
    assert ospf_state(lab.after(40)) == "init"
    assert ospf_state(lab.after(0.1)) == "full"


def test_routes_follow_the_adjacency_and_not_the_cable():
    lab = Lab(routers(*OSPF, "interface Loopback0\n   ip ospf area 0\n", bgp=""), (WIRE,))

    def known() -> bool:
        return any(str(route.prefix) == "1.1.1.2/32" for route in lab.device("a").ribs["default"])

    assert known()
    lab.drop(WIRE, "all")
    assert known(), "the black hole that a dead interval is for"
    lab.after(40)
    assert not known()


ISIS = (
    "interface Ethernet1\n   isis enable CORE\n   isis network point-to-point\n{hello}",
    "router isis CORE\n   net 49.0001.0000.0000.000{n}.00\n   address-family ipv4 unicast\n",
)


@pytest.mark.parametrize(
    ("hello", "seconds"),
    [("", 30), ("   isis hello-interval 5\n   isis hello-multiplier 4\n", 20)],
)
def test_isis_holds_for_its_holding_time(hello, seconds):
    text = [part.replace("{hello}", hello) for part in ISIS]
    lab = Lab(routers(*text, bgp=""), (WIRE,))

    def states() -> list[str]:
        return [seen.state for found in lab.device("a").isis for seen in found.adjacencies]

    assert states() == ["up", "up"] or states() == ["up"]
    lab.drop(WIRE, "all")
    lab.after(seconds - 0.1)
    assert set(states()) == {"up"}
    lab.after(0.1)
    assert states() == []
    lab.heal()
    assert set(states()) == {"init"}
    lab.after(10)
    assert set(states()) == {"up"}


def test_pim_holds_for_its_holdtime_and_comes_back_with_the_next_hello():
    pim = "interface Ethernet1\n   pim ipv4 sparse-mode\n   pim ipv4 hello interval 10\n"
    lab = Lab(routers(pim, bgp=""), (WIRE,))

    def heard() -> int:
        return sum(len(port.heard) for port in lab.device("a").pim)

    lab.drop(WIRE, "all")
    lab.after(34.9)
    assert heard() == 1
    lab.after(0.1)
    assert heard() == 0
    lab.heal()
    assert heard() == 0
    lab.after(5)
    assert heard() == 1


# ------------------------------------------------------------------------------ layer 2
def mlag(lab: Lab) -> MlagStatus:
    return lab.device("left").mlag.status


def test_the_peer_link_comes_back_layer_by_layer(mlag_pair, pair_cables):
    lab = Lab(mlag_pair, pair_cables)
    assert mlag(lab) is MlagStatus.ACTIVE
    lab.cut(*pair_cables)
    assert mlag(lab) is MlagStatus.INACTIVE, "both ends see that the light is gone"
    lab.heal()
    assert not lab.after(2.0).device("left").ports["Port-Channel1"].up
    assert lab.after(0.1).device("left").ports["Port-Channel1"].up, "after carrier and LACP"
    assert mlag(lab) is MlagStatus.INACTIVE
    assert mlag(lab.after(4)) is MlagStatus.ACTIVE
    assert lab.events() == []


def test_a_bundle_whose_frames_vanish_holds_for_the_timeout(mlag_pair, pair_cables):
    lab = Lab(mlag_pair, pair_cables)
    lab.drop(pair_cables[0], "lacp")

    def members() -> tuple[str, ...]:
        return tuple(lab.device("left").port_channels["Port-Channel1"].active)

    assert len(members()) == 2
    lab.after(89)
    assert len(members()) == 2
    lab.after(1)
    assert members() == ("Ethernet2",)
    fast = {
        name: text.replace(
            "channel-group 1 mode active", "channel-group 1 mode active\n   lacp timer fast"
        )
        for name, text in mlag_pair.items()
    }
    lab = Lab(fast, pair_cables)
    lab.drop(pair_cables[0], "lacp")
    assert lab.events() == [3.0]
    assert members() == ("Ethernet2",)


def test_a_pair_that_loses_its_frames_holds_for_the_heartbeat_timeout(mlag_pair, pair_cables):
    lab = Lab(mlag_pair, pair_cables)
    lab.fabric.set_faults(
        Faults(dropped={cable: frozenset({"all"}) for cable in lab.cables.values()})
    )
    assert mlag(lab.after(59)) is MlagStatus.ACTIVE
    assert mlag(lab.after(1)) is MlagStatus.INACTIVE
    assert lab.device("left").lldp
    lab.after(60)
    assert not lab.device("left").lldp


def test_a_device_of_a_pair_keeps_its_ports_shut_after_a_boot(mlag_pair, pair_cables):
    down = "left:Ethernet5 low:Ethernet1"
    low = (
        "hostname low\nvlan 10\ninterface Port-Channel5\n   switchport mode trunk\n"
        "interface Ethernet1\n   channel-group 5 mode active\n"
        "interface Ethernet2\n   channel-group 5 mode active\n"
    )
    texts = {
        name: text.replace("   domain-id", "   reload-delay mlag 120\n   domain-id")
        for name, text in mlag_pair.items()
    }
    lab = Lab({**texts, "low": low}, (*pair_cables, down, "right:Ethernet5 low:Ethernet2"))
    lab.stop("left")
    lab.events()
    lab.stop()
    lab.after(30)
    port = lab.device("left").ports["Ethernet5"]
    assert (port.status, port.up) == ("errdisabled", False)
    assert lab.device("low").ports["Ethernet1"].status == "notconnect"
    assert mlag(lab) is MlagStatus.ACTIVE, "the peer-link does not wait"
    lab.after(90.1)
    assert lab.device("left").ports["Ethernet5"].up
    assert lab.device("low").port_channels["Port-Channel5"].active == ("Ethernet2",)
    lab.after(2)
    assert len(lab.device("low").port_channels["Port-Channel5"].active) == 2
    lab.events()
    assert lab.device("left").ports["Ethernet5"].status == "connected"


SWITCH = (
    "hostname {name}\nvlan 10\ninterface Ethernet1\n   switchport access vlan 10\n"
    "interface Ethernet2\n   switchport access vlan 10\n{portfast}"
)


@pytest.mark.parametrize(("portfast", "wait"), [("", 3.0), ("   spanning-tree portfast\n", 0.0)])
def test_a_port_without_a_bridge_waits_unless_it_is_an_edge(portfast, wait):
    texts = {name: SWITCH.format(name=name, portfast=portfast) for name in ("a", "b")}
    host = "interface Ethernet1\n   no switchport\n   ip address 10.0.0.{n}/24\nip routing\n"
    texts |= {"h": "hostname h\n" + host.format(n=1)}
    lab = Lab(texts, (WIRE, "a:Ethernet2 h:Ethernet1"))
    lab.cut("a:Ethernet2 h:Ethernet1")
    lab.heal()
    lab.after(0.1)

    def state() -> StpState:
        return lab.device("a").stp["MST0"].ports["Ethernet2"].state

    if wait:
        assert state() is StpState.DISCARDING
        lab.after(wait)
    assert state() is StpState.FORWARDING


def test_a_link_between_bridges_forwards_after_agreement():
    texts = {name: SWITCH.format(name=name, portfast="") for name in ("a", "b")}
    lab = Lab(texts, (WIRE,))
    lab.cut(WIRE)
    lab.heal()
    lab.after(0.1)
    ports = [lab.device(name).stp["MST0"].ports["Ethernet1"] for name in ("a", "b")]
    assert {(port.role, port.state.value) for port in ports} == {
        ("root", "forwarding"),
        ("designated", "discarding"),
    }
    lab.after(2)
    ports = [lab.device(name).stp["MST0"].ports["Ethernet1"] for name in ("a", "b")]
    assert {port.state for port in ports} == {StpState.FORWARDING}


# ------------------------------------------------------------------------------ devices
OVERLAY = (
    "   neighbor 1.1.1.{peer} remote-as 6500{peer}\n   neighbor 1.1.1.{peer} ebgp-multihop 3\n"
    "   neighbor 1.1.1.{peer} update-source Loopback0\n   redistribute connected\n"
)


def test_a_session_over_loopbacks_outlives_a_device_until_its_hold_time():
    lab = Lab(routers(bgp=BGP + OVERLAY), (WIRE,))
    lab.stop("b")
    assert (lab.session("a", 0), lab.session("a", 1)) == ("Established", "Idle")
    assert lab.after(179.9).session("a") == "Established"
    assert lab.after(0.1).session("a") == "Active"
    assert "b" not in lab.fabric.state.devices


def test_a_device_that_boots_before_anybody_noticed_has_new_sessions():
    lab = Lab(routers(bgp=BGP + OVERLAY), (WIRE,))
    lab.stop("b")
    lab.after(20)
    lab.stop()
    assert lab.session("a") != "Established"
    lab.events()
    assert lab.session("a") == "Established"
    assert lab.fabric.changed("a")[("bgp", "default", "1.1.1.2")] > 1020


def test_a_neighbor_that_is_added_is_connected_to_first():
    lab = Lab(routers(bgp=BGP), (WIRE,))
    for name, text in routers(bgp=BGP + OVERLAY).items():
        lab.configure(name, text)
    assert (lab.session("a", 0), lab.session("a", 1)) == ("Connect", "Established")
    lab.events()
    assert lab.session("a") == "Established"
