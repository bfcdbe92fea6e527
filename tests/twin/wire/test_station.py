"""Stations wired back to back: hellos, protocols, timers, configurations."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from avdlab.twin.wire import frames
from avdlab.twin.wire.adjacency import Timers
from avdlab.twin.wire.messages import Kind
from avdlab.twin.wire.picture import write_config
from avdlab.twin.wire.station import Self, Station

TEXT = """hostname {name}
interface Ethernet1
   no switchport
   ip address 10.0.0.{n}/24
router bgp 6500{n}
   neighbor 10.0.0.{p} remote-as 6500{p}
"""


def station(number: int) -> Station:
    name = "ab"[number - 1]
    made = Station(
        Self(bytes((number,) * 6), name, f"TWIN{name}", f"00:1c:73:00:00:0{number}"), Timers()
    )
    made.configure(TEXT.format(name=name, n=number, p=3 - number), 0.0)
    return made


@dataclass
class Pair:
    """Two stations, Ethernet1 to Ethernet1. `drop` names protocols that the wire swallows."""

    a: Station = field(default_factory=lambda: station(1))
    b: Station = field(default_factory=lambda: station(2))
    drop: set[str] = field(default_factory=set)
    now: float = 0.0

    def plugged(self) -> "Pair":
        for number, node in enumerate((self.a, self.b), start=1):
            node.plug({"Ethernet1": bytes((2, 0, 0, 0, 0, number))}, self.now)
        return self

    def run(self, seconds: float) -> "Pair":
        end = self.now + seconds
        while self.now < end:
            self.now += 0.25
            for node in (self.a, self.b):
                self.move(node, node.tick(self.now))
        return self

    def move(self, sender: Station, out) -> None:
        other = self.b if sender is self.a else self.a
        for port, frame in out:
            if {frames.protocol(frame) or "own", "all"} & self.drop:
                continue
            self.move(other, other.receive(port, frame, self.now))


def test_two_stations_see_one_another_and_nothing_is_dropped():
    pair = Pair().plugged().run(4)
    for node in (pair.a, pair.b):
        found = node.picture()
        assert set(found.configs) == {"a", "b"}
        assert len(found.cables) == 1
        assert found.dropped == {}
        assert found.endpoints == {}


def test_a_protocol_that_is_not_heard_is_dropped_after_the_hold_time():
    pair = Pair().plugged().run(4)
    pair.drop = {"bgp"}
    assert pair.run(5).a.picture().dropped == {}
    assert [set(d) for d in pair.run(6).a.picture().dropped.values()] == [{"bgp"}]
    pair.drop = set()
    assert pair.run(3).a.picture().dropped == {}


def test_one_that_was_never_heard_is_dropped_from_the_start():
    pair = Pair(drop={"lldp"}).plugged().run(4)
    assert [set(d) for d in pair.b.picture().dropped.values()] == [{"lldp"}]


def test_a_silent_neighbor_disappears_and_the_port_stays_lit():
    pair = Pair().plugged().run(4)
    pair.drop = {"all"}
    found = pair.run(12).a.picture()
    assert set(found.identities) == {"a"}
    assert len(found.endpoints) == 1


def test_a_port_without_carrier_is_not_lit():
    pair = Pair().plugged().run(4)
    pair.a.plug({}, pair.now)
    found = pair.run(1).a.picture()
    assert not found.cables
    assert not found.endpoints


def test_a_changed_config_arrives():
    pair = Pair().plugged().run(4)
    pair.move(pair.b, pair.b.configure("hostname other\n", pair.now))
    assert pair.run(1).a.picture().configs["b"] == "hostname other\n"


def test_a_shut_port_still_says_hello_and_speaks_no_protocol():
    pair = Pair().plugged().run(4)
    shut = TEXT.format(name="b", n=2, p=1).replace("no switchport", "shutdown\n   no switchport")
    pair.move(pair.b, pair.b.configure(shut, pair.now))
    found = pair.run(12).a.picture()
    assert len(found.cables) == 1
    assert "shutdown" in found.configs["b"]


@given(st.lists(st.binary(max_size=100), max_size=10))
def test_no_frame_crashes_a_station(bodies):
    pair = Pair().plugged().run(2)
    for body in bodies:
        for frame in (
            body,
            frames.own(b"\x02" * 6, body),
            frames.own(b"\x02" * 6, b"\x01\x04" + body),
        ):
            pair.a.receive("Ethernet1", frame, pair.now)
    pair.run(4)
    assert set(pair.a.picture().configs) == {"a", "b"}


VTEP = (
    "interface Loopback0\n   ip address 1.1.1.1/32\n"
    "interface Vxlan1\n   vxlan source-interface Loopback0\n"
)
WORDS = (
    "interface Ethernet1 Vlan Vxlan1 ip address router bgp neighbor vlan 10 65001 10.0.0.1/31 no "
    "shutdown switchport trunk allowed 1-4094 channel-group mode active mlag vrf RED rd - !"
)
words = st.sampled_from(WORDS.split(" "))


@given(st.lists(st.lists(words, max_size=6).map(" ".join), max_size=8), st.text(max_size=40))
def test_no_configuration_of_another_node_crashes_a_station(lines, text):
    pair = Pair()
    pair.a.configure(VTEP, 0.0)
    pair.plugged().run(2)
    flooded = "\n".join(" " * 3 * (n % 3) + line for n, line in enumerate(lines)) + "\n" + text
    pair.b.flooding.publish(Kind.CONFIG, write_config(flooded), pair.now)
    pair.run(4)
    assert pair.a.picture().configs["b"] == flooded
