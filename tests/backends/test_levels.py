"""Twins that are met elsewhere say what they are."""

from avdlab.backends.twin.levels import evidence, is_twin, note, software

TWIN = {"version": "4.33.1F", "internalVersion": "4.33.1F-avdlab-twin", "modelName": "cEOSLab"}
CEOS = {"version": "4.33.1F", "internalVersion": "4.33.1F-39879738.4331F", "modelName": "cEOSLab"}


def test_a_node_that_is_a_twin_is_told_apart_and_said_to_be_no_ceos():
    assert is_twin(TWIN)
    assert not is_twin(CEOS)
    assert software(TWIN) == {"software": "avdlab's twin of EOS 4.33.1F, not cEOS"}
    assert software(CEOS) == {}


def test_a_note_names_the_twins_among_devices():
    assert note((), ("leaf1", "leaf2")) == ""
    assert note(("leaf2",), ("leaf1", "leaf2")) == "leaf2: avdlab's twin answers, not cEOS"
    assert note(("leaf1", "leaf2"), ("leaf1", "leaf2")).startswith("every device: ")


def test_levels_are_those_of_the_twins_own_answers():
    found = evidence(["show bgp summary", "show running-config"])
    assert found["show bgp summary"] >= "F2"
    assert found["show running-config"] == "F1"
