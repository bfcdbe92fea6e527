"""Switches that ask for an address by DHCP, and switches that lend them (RFC 2131)."""

from collections.abc import Callable

from avdlab.net.addresses import parse_address, parse_prefix
from avdlab.twin.fabric.fabric import Fabric

Lab = Callable[..., Fabric]

SERVER = """
ip routing
dhcp server
   subnet 100.64.1.0/24
      range 100.64.1.10 100.64.1.11
      default-gateway 100.64.1.1
interface Ethernet1
   no switchport
   ip address 100.64.1.1/24
   dhcp server ipv4
interface Loopback0
   ip address 192.0.2.1/32
"""
CLIENT = """
ip routing
interface Ethernet1
   no switchport
   ip address dhcp
   dhcp client accept default-route
"""
CABLE = ("client:Ethernet1 server:Ethernet1",)


def pair(lab: Lab, server: str = SERVER, client: str = CLIENT) -> Fabric:
    return lab({"client": client, "server": server}, CABLE)


def test_a_lease_with_its_gateway(lab: Lab) -> None:
    fabric = pair(lab)
    client = fabric.state.devices["client"]
    assert str(client.settings.interfaces["Ethernet1"].address) == "100.64.1.10/24"
    assert client.ribs["default"].get(parse_prefix("0.0.0.0/0")) is not None
    assert fabric.ping("client", "default", parse_address("192.0.2.1")).received == 5
    assert not client.notes


def test_the_gateway_is_taken_only_where_asked_for(lab: Lab) -> None:
    fabric = pair(lab, client=CLIENT.replace("   dhcp client accept default-route\n", ""))
    table = fabric.state.devices["client"].ribs["default"]
    assert [str(route.prefix) for route in table] == ["100.64.1.0/24"]


def test_no_server_no_address(lab: Lab) -> None:
    for server in (
        SERVER.replace("   dhcp server ipv4\n", ""),
        SERVER.replace("dhcp server\n", "dhcp server\n   disabled\n"),
        SERVER.replace("100.64.1.0/24", "100.64.2.0/24"),
        SERVER.replace("range 100.64.1.10 100.64.1.11", "name EMPTY"),
    ):
        client = pair(lab, server).state.devices["client"]
        assert client.settings.interfaces["Ethernet1"].address is None
        assert any("no DHCP server" in note for note in client.notes)


def test_two_clients_get_two_addresses(lab: Lab) -> None:
    fabric = lab(
        {"a": CLIENT, "b": CLIENT, "server": SERVER, "switch": ""},
        [f"{node}:Ethernet1 switch:Ethernet{n}" for n, node in enumerate(("a", "b", "server"), 1)],
    )
    found = [str(fabric.state.devices[n].settings.interfaces["Ethernet1"].address) for n in "ab"]
    assert found == ["100.64.1.10/24", "100.64.1.11/24"]
