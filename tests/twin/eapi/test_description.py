"""fabric.json: what is accepted, and how mistakes are named."""

import json

import pytest

from avdlab.net.addresses import parse_interface_address, parse_ipv4
from avdlab.twin.eapi.description import DescriptionError, cable, cable_text, parse
from avdlab.twin.fabric.inputs import Bond, Cable, Plug

GOOD = {
    "schema_version": 1,
    "name": "lab",
    "control": {"host": "127.0.0.1", "port": 0, "token": "t"},
    "nodes": {
        "leaf1": {"host": "127.0.0.1", "https": 9443, "management_address": "172.16.1.11/24"}
    },
    "links": [["srv1:eth1", "leaf1:Et1"]],
    "endpoints": [
        {
            "name": "srv1",
            "nics": ["eth1", "eth2"],
            "bonds": [{"name": "bond0", "nics": ["eth1", "eth2"], "mode": "lacp-active"}],
            "addresses": [
                {
                    "nic": "bond0",
                    "mac": "02:00:00:00:00:01",
                    "vlan": 11,
                    "address": "10.1.1.101/24",
                    "gateway": "10.1.1.1",
                }
            ],
        }
    ],
    "stopped": [],
    "cut": [["leaf1:Ethernet1", "srv1:eth1"]],
}


def test_whole_description():
    read = parse(json.dumps(GOOD))
    assert read.nodes["leaf1"].management_address == parse_interface_address("172.16.1.11/24")
    assert read.cables == {Cable(Plug("leaf1", "Ethernet1"), Plug("srv1", "eth1"))} == read.cut
    endpoint = read.endpoints["srv1"]
    assert endpoint.bonds == (Bond("bond0", ("eth1", "eth2"), "lacp-active"),)
    assert endpoint.addresses[0].gateway == parse_ipv4("10.1.1.1")
    assert endpoint.talking


def test_cable_text_reads_back():
    wire = cable("srv1:eth1", "leaf1:et1", {"leaf1"})
    assert cable(*cable_text(wire), {"leaf1"}) == wire


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"schema_version": 2}, "schema_version must be 1"),
        ({"links": [["leaf1", "srv1:eth1"]]}, "'leaf1' is not node:interface"),
        ({"nodes": {"../x": {}}}, "no name for a node"),
        ({"nodes": {"leaf1": {"management_address": "10.0.0/24"}}}, "not an IPv4 address"),
        ({"endpoints": [{}]}, "name is missing"),
        ({"nodes": None}, "wrong type"),
        ({"control": {}}, "token is missing"),
        ({"control": {"token": ""}}, "empty token"),
    ],
)
def test_mistakes_are_named(change, words):
    with pytest.raises(DescriptionError, match=words):
        parse(json.dumps(GOOD | change))


def test_not_json():
    with pytest.raises(DescriptionError, match="not JSON"):
        parse("nodes: []")
