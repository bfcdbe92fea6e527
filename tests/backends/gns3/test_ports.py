"""Adapters: one for every cable, and never another interface on an adapter that is there."""

from hypothesis import given
from hypothesis import strategies as st

from avdlab.backends.gns3.ports import MOST, left_out, port_map

PORTS = st.one_of(
    st.integers(1, 64).map("Ethernet{}".format),
    st.tuples(st.integers(1, 36), st.integers(1, 4)).map(lambda n: f"Ethernet{n[0]}/{n[1]}"),
)
PORT_SETS = st.lists(PORTS, unique=True, max_size=20)


@given(PORT_SETS, PORT_SETS, st.integers(0, 4))
def test_adapters_stay_when_ports_come_and_go(before, after, spare):
    made = port_map(before, spare=spare)
    later = port_map(after, kept=made, spare=spare)
    assert later.ethernet[: len(made.ethernet)] == made.ethernet
    assert set(later.ethernet) == set(made.ethernet) | set(after)


@given(st.lists(PORTS, unique=True, max_size=150), st.data())
def test_every_cable_has_an_adapter_however_many_ports_are_configured(ports, data):
    cabled = data.draw(st.lists(st.sampled_from(ports), unique=True)) if ports else []
    cabled = cabled[: MOST - 1]
    made = port_map(ports, cabled=cabled, spare=2)
    assert len(made.ethernet) + 1 <= MOST
    assert set(cabled) <= set(made.ethernet)
    assert len(set(made.ethernet)) == len(made.ethernet)
    assert set(left_out(made, ports)) == set(ports) - set(made.ethernet)


def test_spare_adapters_are_the_next_ports_of_the_front_panel():
    spine = port_map([f"Ethernet{n}" for n in range(1, 9)], spare=2)
    assert spine.ethernet[-2:] == ("Ethernet9", "Ethernet10")
    leaf = port_map(["Ethernet1", "Ethernet2", "Ethernet47", "Ethernet48"], spare=2)
    assert leaf.ethernet[-2:] == ("Ethernet3", "Ethernet4")


def test_a_new_cable_on_a_spare_port_changes_nothing():
    spine = port_map(["Ethernet1", "Ethernet2"], spare=1)
    assert port_map(["Ethernet1", "Ethernet2", "Ethernet3"], kept=spine) == spine


def test_what_comes_after_a_breakout_is_not_guessed():
    assert port_map(["Ethernet49/1", "Ethernet50/1"], spare=2).ethernet == (
        "Ethernet49/1",
        "Ethernet50/1",
    )


def test_management_is_adapter_0():
    made = port_map(["Management1", "Ethernet1"])
    assert made.adapter("Management1") == 0
    assert made.adapter("Ethernet1") == 1
