"""Sequences and mappings that are made on the first look."""

from avdlab.twin.tables.lazy import LazyMapping, LazySequence


def test_a_sequence_is_made_once_and_only_when_asked():
    asked = []
    found = LazySequence(lambda: asked.append("made") or [3, 1, 2])
    assert asked == []
    assert list(found) == [3, 1, 2]
    assert (len(found), found[0], found[1:], 2 in found) == (3, 3, (1, 2), True)
    assert found == (3, 1, 2)
    assert asked == ["made"]


def test_a_mapping_is_made_once_and_only_when_asked():
    asked = []
    found = LazyMapping(lambda: asked.append("made") or {"a": 1})
    assert asked == []
    assert found == {"a": 1}
    assert ("a" in found, found.get("b"), len(found)) == (True, None, 1)
    assert asked == ["made"]
