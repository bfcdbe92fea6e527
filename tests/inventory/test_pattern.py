"""Ansible host patterns on a running lab."""

import pytest

from avdlab.errors import InputError
from avdlab.inventory.pattern import select

HOSTS = {
    "spine1": ("SPINES", "DC1"),
    "spine2": ("SPINES", "DC1"),
    "leaf1a": ("LEAVES", "DC1"),
    "leaf1b": ("LEAVES", "DC1"),
}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("all", {"spine1", "spine2", "leaf1a", "leaf1b"}),
        ("leaf1a", {"leaf1a"}),
        ("spine1,leaf1b", {"spine1", "leaf1b"}),
        ("spine*:leaf1a", {"spine1", "spine2", "leaf1a"}),
        ("DC1:!SPINES", {"leaf1a", "leaf1b"}),
        ("DC1:&LEAVES", {"leaf1a", "leaf1b"}),
        ("!leaf*", {"spine1", "spine2"}),
        ("~leaf1[ab]", {"leaf1a", "leaf1b"}),
        ("leaf1[ab]", {"leaf1a", "leaf1b"}),
    ],
)
def test_patterns_select_as_ansible_does(pattern: str, expected: set[str]) -> None:
    assert select(pattern, HOSTS) == expected


def test_pattern_without_a_match_names_what_there_is() -> None:
    with pytest.raises(InputError, match="no device matches 'laef1a'"):
        select("laef1a", HOSTS)


def test_a_name_that_is_nobodys_is_refused_among_others() -> None:
    with pytest.raises(InputError, match="'leaf9' in 'leaf1a,leaf9' is no host or group"):
        select("leaf1a,leaf9", HOSTS)
    assert select("leaf1a,core*", HOSTS) == {"leaf1a"}


def test_broken_regular_expression_is_an_input_error() -> None:
    with pytest.raises(InputError, match="no regular expression"):
        select("~leaf[", HOSTS)
