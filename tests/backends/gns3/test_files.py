"""The files in gns3/ for people: they start a node as the backend does."""

import json

import pytest

from avdlab.backends.gns3 import ceos
from avdlab.backends.gns3.ceos import Device, Naming
from avdlab.net.interfaces import PortMap

PORTS = PortMap("Management0", tuple(f"Ethernet{number}" for number in range(1, 9)))


def read(repository, name):
    return json.loads((repository / "gns3" / name).read_text("utf-8"))


@pytest.mark.parametrize(
    ("name", "inside"), [("ceos-template.json", None), ("arista-ceos-avdlab.gns3a", "docker")]
)
def test_a_node_made_by_hand_starts_as_the_backends_do(repository, name, inside):
    wanted = ceos.properties(Device("any", PORTS, ""), "ceos", Naming.ETH)
    del wanted["mac_address"]  # one for all nodes would be worse than none
    file = read(repository, name)
    given = file[inside] if inside else file
    assert {key: given[key] for key in wanted} == wanted
    assert "mac_address" not in given


def test_the_templates_ports_have_the_names_that_eos_gives_them(repository):
    adapters = read(repository, "ceos-template.json")["custom_adapters"]
    assert [a["port_name"] for a in adapters] == [PORTS.management, *PORTS.ethernet]
    assert [a["adapter_number"] for a in adapters] == list(range(9))
