"""The picture: cables that both ends hear, what one end misses, which nodes are reached."""

import json
import zlib

from hypothesis import given
from hypothesis import strategies as st

from avdlab.twin.fabric.inputs import Cable, Plug
from avdlab.twin.wire.picture import (
    NodeState,
    PortState,
    picture,
    read_config,
    read_state,
    write_config,
    write_state,
)

ALL = frozenset({"lldp", "arp", "bgp"})


def port(*peers: str, sends=ALL, hears=ALL) -> PortState:
    return PortState(
        tuple(tuple(peer.split()) for peer in peers), frozenset(sends), frozenset(hears)
    )


def state(name: str, **ports: PortState) -> NodeState:
    named = {key.replace("Et", "Ethernet"): value for key, value in ports.items()}
    return NodeState(name, f"TWIN{name}", "00:1c:73:00:00:01", named)


def seen(states: dict[str, NodeState], without: str = ""):
    return picture("1", states, {b: "hostname x" for b in states if b != without}, "a")


def cable(text: str) -> Cable:
    return Cable.between(*(Plug(*end.split(":")) for end in text.split()))


AB = cable("a:Ethernet1 b:Ethernet2")


def test_two_ends_that_hear_each_other_are_a_cable():
    found = seen(
        {"1": state("a", Et1=port("2 Ethernet2")), "2": state("b", Et2=port("1 Ethernet1"))}
    )
    assert found.cables == {AB}
    assert found.dropped == {}
    assert set(found.identities) == {"a", "b"}


def test_one_way_is_no_cable_and_the_far_node_is_not_there():
    found = seen({"1": state("a", Et1=port("2 Ethernet2")), "2": state("b", Et2=port())})
    assert set(found.identities) == {"a"}
    assert AB not in found.cables
    assert [e.nics for e in found.endpoints.values()] == [("nic",)]  # lit, and nothing speaks


def test_what_one_end_sends_and_the_other_misses_is_dropped():
    states = {
        "1": state("a", Et1=port("2 Ethernet2", hears={"lldp", "arp"})),
        "2": state("b", Et2=port("1 Ethernet1", sends={"lldp", "bgp"}, hears={"arp", "bgp"})),
    }
    assert seen(states).dropped == {AB: frozenset({"bgp", "lldp"})}


def test_a_node_whose_config_has_not_come_yet_does_not_count():
    states = {"1": state("a", Et1=port("2 Ethernet2")), "2": state("b", Et2=port("1 Ethernet1"))}
    assert set(seen(states, without="2").identities) == {"a"}


def test_nodes_of_one_name_are_told_apart():
    states = {"1": state("a", Et1=port("2 Ethernet2")), "2": state("a", Et2=port("1 Ethernet1"))}
    found = seen(states)
    assert len(found.identities) == 2
    assert "a" in found.identities


def test_an_older_boot_of_a_neighbor_is_forgotten():
    states = {
        "1": state("a", Et1=port("2 Ethernet2")),
        "2": state("b", Et2=port("1 Ethernet1")),
        "3": state("b", Et2=port("1 Ethernet1")),  # its former boot: nobody hears it
    }
    assert set(seen(states).identities) == {"a", "b"}


def test_a_swapped_cable_shows_where_it_leads():
    states = {
        "1": state("a", Et1=port("2 Ethernet3")),
        "2": state("b", Et3=port("1 Ethernet1"), Et2=port()),
    }
    assert cable("a:Ethernet1 b:Ethernet3") in seen(states).cables
    assert AB not in seen(states).cables


def test_records_are_read_back():
    given_state = state("a", Et1=port("2 Ethernet2"))
    assert read_state(write_state(given_state)) == given_state
    assert read_config(write_config("hostname x\n")) == "hostname x\n"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "serial", "mac", "ports", "Ethernet1", "peers", "sends"]),
            inner,
        )
    ),
    max_leaves=12,
)


@given(json_values)
def test_any_record_is_a_state_or_none(value):
    read_state(zlib.compress(json.dumps(value).encode()))


@given(st.binary(max_size=60))
def test_any_octets_are_a_record_or_none(data):
    read_state(data)
    read_config(data)
