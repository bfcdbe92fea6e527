"""Planned tests have names that are unique and stay."""

import json

import pytest

from avdlab.errors import InputError
from avdlab.validate.catalog import digest, merge, read_catalog

CATALOG = {
    "anta.tests.routing.bgp": [
        {"VerifyBGPPeerSession": {"bgp_peers": [{"peer_address": "10.0.0.1"}]}},
        {"VerifyBGPPeerSession": {"bgp_peers": [{"peer_address": "10.0.0.3"}]}},
    ],
    "anta.tests.system": [{"VerifyNTP": None}],
}


def test_two_instances_of_a_test_differ_by_their_digest():
    first, second, ntp = read_catalog("leaf1", json.dumps(CATALOG))
    assert first.digest != second.digest
    assert (ntp.module, ntp.test, ntp.device) == ("anta.tests.system", "VerifyNTP", "leaf1")
    assert first.name == f"leaf1-VerifyBGPPeerSession-{first.digest}"


def test_the_digest_does_not_depend_on_order_or_steering():
    plain = {"a": 1, "b": [2]}
    steered = {
        "b": [2],
        "filters": {"tags": ["x"]},
        "a": 1,
        "result_overwrite": {"description": ""},
    }
    assert digest(plain) == digest(steered)
    assert digest(plain) != digest({"a": 1, "b": [3]})


def test_nested_modules_read_like_flat_ones():
    nested = {"anta.tests": {"routing": {"bgp": CATALOG["anta.tests.routing.bgp"]}}}
    flat = {"anta.tests.routing.bgp": CATALOG["anta.tests.routing.bgp"]}
    assert read_catalog("a", json.dumps(nested)) == read_catalog("a", json.dumps(flat))


def test_the_same_test_twice_is_one():
    twice = {"anta.tests.system": [{"VerifyNTP": {}}, {"VerifyNTP": None}]}
    assert len(read_catalog("leaf1", json.dumps(twice))) == 1


def test_merged_tests_stay_with_their_device():
    planned = [test for name in ("a", "b") for test in read_catalog(name, json.dumps(CATALOG))]
    merged = merge(planned)
    tags = [next(iter(t.values()))["filters"]["tags"] for t in merged["anta.tests.system"]]
    assert tags == [["a"], ["b"]]


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"anta.tests.system": ["VerifyNTP"]}'])
def test_a_broken_catalog_names_the_device(text):
    with pytest.raises(InputError, match="leaf1: not an ANTA catalog"):
        read_catalog("leaf1", text)


def test_an_empty_catalog_has_no_tests():
    assert read_catalog("leaf1", "{}") == ()
