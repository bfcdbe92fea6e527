"""A layer whose input did not change is not computed again."""

import pytest

from avdlab.twin.config.loader import load
from avdlab.twin.fabric import layers, solve
from avdlab.twin.fabric.layers import Remembered
from tests.twin.fabric.small import BASE, CABLES, Small


@pytest.fixture
def asked(monkeypatch):
    """Count the computations of each layer."""
    counts = {"below": 0, "igp": 0, "bgp": 0}
    layer_of = {
        "below": (solve, "solve_below"),
        "igp": (layers, "solve_igp"),
        "bgp": (solve, "solve_bgp"),
    }

    def counted(name, work):
        def call(*args: object) -> object:
            counts[name] += 1
            return work(*args)

        return call

    for name, (module, function) in layer_of.items():
        monkeypatch.setattr(module, function, counted(name, getattr(module, function)))
    return counts


def commit(lab, name, lines):
    lab.nodes[name].store.replace_running(load(BASE[name] + lines).config)
    lab.nodes[name].sync()
    assert lab.fabric.state.converged


@pytest.mark.parametrize(
    ("lines", "computed"),
    [
        ("ntp server 192.0.2.1\n", set()),
        ("username cvpadmin secret 0 x\n", set()),
        ("aaa accounting exec default start-stop logging\n", set()),
        ("ip prefix-list UNUSED\n   seq 10 permit 192.0.2.0/24\n", {"bgp"}),
        ("ip route 192.0.2.0/24 Null0\n", {"bgp"}),
        ("interface Loopback9\n   description nothing\n", {"below", "bgp"}),
    ],
)
def test_a_commit_computes_what_its_lines_concern(asked, lines, computed):
    lab = Small()
    assert lab.fabric.state.converged
    asked.update(dict.fromkeys(asked, 0))
    lab.nodes["spine"].store.replace_running(load(BASE["spine"] + lines).config)
    lab.nodes["spine"].sync()
    assert lab.fabric.state.converged
    assert {name for name, count in asked.items() if count} == computed


def test_a_leaf_that_runs_ospf_asks_it_again(asked):
    lab = Small()
    assert lab.fabric.state.converged
    asked.update(dict.fromkeys(asked, 0))
    more = "interface Loopback9\n   ip address 192.0.2.9/32\n   ip ospf area 0\n"
    lab.nodes["leaf1"].store.replace_running(load(BASE["leaf1"] + more).config)
    lab.nodes["leaf1"].sync()
    assert lab.fabric.state.converged
    assert all(asked.values())


def test_a_cable_that_heals_is_remembered(asked):
    lab = Small()
    whole = lab.answers()
    lab.fault(frozenset({CABLES[0]}), frozenset())
    assert lab.answers() != whole
    assert asked["below"] > 0
    asked.update(dict.fromkeys(asked, 0))
    lab.fault(frozenset(), frozenset())
    assert lab.answers() == whole
    assert not any(asked.values())


def test_answers_are_kept_for_the_latest_questions():
    worked = []

    def work(question):
        worked.append(question)
        return question * 2

    layer = Remembered[int, int](4)
    assert [layer.ask(n, work) for n in (1, 2, 3, 4, 1, 5, 1, 2)] == [2, 4, 6, 8, 2, 10, 2, 4]
    assert worked == [1, 2, 3, 4, 5, 2]
