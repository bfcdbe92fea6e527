"""Names, ids and MAC addresses: valid on both servers, unique, the same in every run."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avdlab.backends.gns3.names import (
    base_macs,
    label,
    node_names,
    object_id,
    project_id,
    system_mac,
)
from tests.backends.gns3.fabrics import PROJECT

HOSTNAMES = st.text(st.characters(codec="ascii", exclude_categories=["C"]), min_size=1, max_size=80)
# the last label of a host name may not be a number (gns3server/utils/hostname.py, RFC 1123)
VALID = re.compile(r"(?!\d+$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


@given(st.lists(HOSTNAMES, unique=True, max_size=30))
def test_every_hostname_becomes_a_valid_unique_name(hostnames):
    names = node_names(hostnames)
    assert set(names) == set(hostnames)
    assert all(VALID.fullmatch(name) for name in names.values())
    assert len({name.lower() for name in names.values()}) == len(hostnames)


@given(st.lists(HOSTNAMES, unique=True, max_size=10), st.lists(HOSTNAMES, unique=True, max_size=10))
def test_names_stay_when_devices_are_added(before, more):
    first = node_names(before)
    later = node_names(dict.fromkeys([*before, *more]), first)
    assert {name: later[name] for name in before} == first


@pytest.mark.parametrize(
    ("hostname", "name"),
    [
        ("osl-leaf1a", "osl-leaf1a"),
        ("DC1_LEAF1A", "DC1-LEAF1A"),
        ("leaf.dc1", "leaf-dc1"),
        ("42", "n42"),
        ("___", "node"),
    ],
)
def test_names_are_changed_as_little_as_possible(hostname, name):
    assert label(hostname) == name


def test_a_valid_name_wins_over_one_that_is_changed_into_it():
    assert node_names(["leaf_1", "leaf-1"]) == {"leaf_1": "leaf-1-2", "leaf-1": "leaf-1"}


@given(st.lists(HOSTNAMES, unique=True, min_size=1, max_size=60))
def test_mac_blocks_do_not_touch_and_are_universal(hostnames):
    macs = base_macs(PROJECT, hostnames)
    numbers = sorted(int(mac.replace(":", ""), 16) for mac in macs.values())
    assert all(b - a >= 128 for a, b in itertools.pairwise(numbers))
    for mac in macs.values():
        assert int(mac[:2], 16) & 0b11 == 0  # neither locally administered nor multicast
        assert int(mac[-2:], 16) + 98 <= 0xFF  # the server counts within the last octet
    assert base_macs(PROJECT, [*hostnames, "one more than these"], macs).items() >= macs.items()


def test_the_system_mac_is_that_of_no_management_port():
    assert system_mac("00:1c:73:ab:cd:80") == "001c.73ab.cd81"


def test_ids_follow_from_the_lab_and_its_token():
    assert project_id("lab", "a") == project_id("lab", "a") != project_id("lab", "b")
    assert object_id(PROJECT, "node/a") != object_id(PROJECT, "node/b")
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", project_id("lab", "a"))
