"""Scenario files: read against a lab, played step by step, healed whatever happens."""

import signal
import threading

import pytest

from avdlab.errors import InputError
from avdlab.events import Reporter
from avdlab.faults.inject import LabFaults
from avdlab.faults.play import Player
from avdlab.faults.scenario import Expected, read
from avdlab.lab import Lab
from avdlab.settings import Settings
from avdlab.validate.catalog import Source, planned

TESTS = tuple(
    planned(device, "anta.tests.x", test, {}, Source.AVD)
    for device in ("leaf1", "leaf2")
    for test in ("VerifyBGPPeerSession", "VerifyLLDPNeighbors")
)
CATALOG = """
anta.tests.connectivity:
  - VerifyLLDPNeighbors:
      neighbors: [{port: Ethernet1, neighbor_device: leaf2, neighbor_port: Ethernet1}]
      filters: {tags: [leaf1]}
anta.tests.interfaces:
  - VerifyInterfacesStatus:
      interfaces: [{name: Ethernet1, status: up}]
"""


@pytest.fixture(scope="module")
def lab(lab_of_a_pair):
    found = Lab(lab_of_a_pair, Settings(), Reporter())
    catalogs = found.root / "anta" / "user_catalogs"
    catalogs.mkdir(parents=True)
    (catalogs / "own.yml").write_text(CATALOG)
    return found


@pytest.fixture
def written(tmp_path, lab):
    def write(text, tests=TESTS):
        path = tmp_path / "scenario.yml"
        path.write_text(text)
        return read(path, lab.topology(), tests)

    return write


@pytest.fixture
def play(lab, written):
    """Play a text on the lab; return what came of each step."""

    def played(text, **more: object):
        validation = lab.validation()
        scenario = written(text, validation.suite.tests)
        return Player(LabFaults(lab), validation, **more).play(scenario)

    return played


# ---------------------------------------------------------------------------------- reading
@pytest.mark.parametrize(
    ("red", "expected", "unmet"),
    [
        ((), Expected(green=("*",)), []),
        (TESTS[:1], Expected(green=("*",)), ["leaf1/VerifyBGPPeerSession is red"]),
        (TESTS[:1], Expected(green=("*LLDP*",)), []),
        (TESTS[:1], Expected(red=("leaf1/*",)), []),
        (TESTS[:1], Expected(red=("leaf2/*", "VerifyBGP*")), ["leaf2/* is not red"]),
        (TESTS[:2], Expected(only=("VerifyBGP*",)), ["leaf1/VerifyLLDPNeighbors is red"]),
        (TESTS[:1], Expected(only=("VerifyBGP*",)), []),
    ],
)
def test_what_is_expected(red, expected, unmet):
    assert expected.unmet(red) == unmet


def test_all_problems_of_a_file_are_told_at_once(written):
    text = """
steps:
  - fault: node nobody stop
  - fault: link leaf1:Et1 down
    expect: {red: [VerifyNothing], within: 5s}
  - heal: nonsense
  - wait: soon
"""
    with pytest.raises(InputError) as caught:
        written(text)
    said = str(caught.value)
    for words in ("step 1: 'nobody'", "step 2: no test", "VerifyNothing", "step 3: ", "step 4: "):
        assert words in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("steps: []", "steps"),
        ("steps: [{fault: a, heal: b}]", "not fault and heal"),
        ("steps: [{}]", "a step does one of"),
        ("steps: [{wait: 1s, expct: {}}]", "expct"),
        ("budget: never\nsteps: [{wait: 1s}]", "never"),
        ("- 1", "scenario.yml"),
        ("a: [", "cannot be read"),
    ],
)
def test_what_is_no_scenario(written, text, words):
    with pytest.raises(InputError, match=words):
        written(text)


def test_the_name_is_that_of_the_file_where_none_is_given(written):
    assert written("steps: [{wait: 1s}]").name == "scenario"


# ---------------------------------------------------------------------------------- playing
def test_faults_come_and_go_as_expected(play, lab):
    played = play("""
steps:
  - expect: {green: all, within: 20s}
  - fault: link leaf1:Et1 drop lldp
    expect: {red: [VerifyLLDPNeighbors], only: [VerifyLLDPNeighbors], within: 20s}
  - heal: link leaf1:Et1
    expect: {green: all, within: 20s}
  - flap: {link: 'leaf1:Et1', count: 2, period: 0.01s}
  - reload: leaf2
  - fault: node leaf2 stop
    expect: {red: [leaf2/*]}
""")
    assert [step.unmet for step in played] == [()] * 6
    assert LabFaults(lab).active == ()  # the last step's fault is healed


def test_what_is_not_as_expected_ends_it_and_heals(play, lab):
    played = play("""
steps:
  - fault: link leaf1:Et1 down
    expect: {green: [VerifyInterfacesStatus]}
  - wait: 1h
""")
    assert len(played) == 1
    assert set(played[0].unmet) == {
        "leaf1/VerifyInterfacesStatus is red",
        "leaf2/VerifyInterfacesStatus is red",
    }
    assert LabFaults(lab).active == ()


def test_the_budget_ends_it(play, lab):
    clock = iter(range(0, 10_000, 40))
    played = play(
        "budget: 60s\nsteps: [{fault: 'link leaf1:Et1 down'}, {wait: 1h}, {wait: 1h}]",
        clock=lambda: next(clock),
        pause=lambda _: None,
    )
    assert played[-1].unmet == ("the budget of the scenario is spent",)
    assert LabFaults(lab).active == ()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_heals_too(play, lab, number):
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job's may be ignored

    def interrupted(_seconds):
        assert LabFaults(lab).active
        signal.raise_signal(number)

    try:
        with pytest.raises(KeyboardInterrupt):
            play("steps: [{fault: 'link leaf1:Et1 down'}, {wait: 1h}]", pause=interrupted)
    finally:
        signal.signal(signal.SIGINT, before)
    assert LabFaults(lab).active == ()


def test_healing_works_outside_of_the_main_thread(lab):
    errors = []

    def work():
        try:
            with LabFaults(lab).healing():
                pass
        except ValueError as exc:
            errors.append(exc)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert errors == []
