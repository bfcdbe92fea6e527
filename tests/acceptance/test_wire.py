"""Wire nodes on real interfaces: what they show rests on the frames that cross."""

import asyncio

import asyncssh
import pytest

from tests.pair import config
from tests.support.rack import Rack, rack, until

pytestmark = pytest.mark.xdist_group("wire")


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """Two switches, Ethernet1 to Ethernet1, BGP over it."""
    with rack(tmp_path_factory.mktemp("rack")) as made:
        for number in (1, 2):
            startup = config(number) + bgp(number)
            made.add(f"leaf{number}", startup, f"172.16.0.{number}")
        made.start()
        made.cable("leaf1:eth1", "leaf2:eth1")
        until(lambda: established(made) and neighbors(made) == ["leaf2"])
        yield made


def bgp(number: int) -> str:
    other = 3 - number
    return (
        f"router bgp 6500{number}\n   router-id 192.0.2.{number}\n"
        f"   neighbor 10.0.0.{other} remote-as 6500{other}\n   redistribute connected\n"
    )


def established(made: Rack) -> bool:
    [found] = made.nodes["leaf1"].run("show ip bgp summary")
    return found["vrfs"]["default"]["peers"]["10.0.0.2"]["peerState"] == "Established"


def neighbors(made: Rack) -> list[str]:
    [found] = made.nodes["leaf1"].run("show lldp neighbors")
    return [n["neighborDevice"] for n in found["lldpNeighbors"]]


def test_it_says_that_it_is_no_switch(pair):
    [version] = pair.nodes["leaf1"].run("show version")
    assert "twin" in version["internalVersion"]
    assert version["serialNumber"].startswith("TWIN")


CABLE = "leaf1:eth1 leaf2:eth1"


def is_bgp(frame: bytes) -> bool:
    """Match as `tcp port 179` does."""
    ports = (frame[34:36], frame[36:38])
    return frame[12:14] == b"\x08\x00" and frame[23] == 6 and b"\x00\xb3" in ports


def is_lldp(frame: bytes) -> bool:
    return frame[12:14] == b"\x88\xcc"


def is_arp(frame: bytes) -> bool:
    return frame[12:14] == b"\x08\x06"


def port_up(made: Rack) -> bool:
    [found] = made.nodes["leaf1"].run("show interfaces Ethernet1")
    return found["interfaces"]["Ethernet1"]["lineProtocolStatus"] == "up"


def test_people_come_in_over_ssh(pair):
    async def ask() -> str:
        way = {"known_hosts": None, "username": "arista", "password": "arista"}
        async with asyncssh.connect("172.16.0.1", **way) as connection:
            said = await connection.run("show version", check=True)
        return str(said.stdout)

    assert "avdlab-twin" in asyncio.run(ask())


def test_without_bgp_frames_the_session_falls_and_lldp_stays(pair):
    pair.drop(CABLE, bgp=is_bgp)
    until(lambda: not established(pair))
    assert neighbors(pair) == ["leaf2"]
    assert port_up(pair)
    pair.drop(CABLE)
    until(lambda: established(pair))


def test_without_lldp_frames_the_neighbor_goes_and_bgp_stays(pair):
    pair.drop(CABLE, lldp=is_lldp)
    until(lambda: neighbors(pair) == [])
    assert established(pair)
    pair.drop(CABLE)
    until(lambda: neighbors(pair) == ["leaf2"])


def test_without_arp_nothing_of_ip_is_left(pair):
    pair.drop(CABLE, arp=is_arp)
    until(lambda: not established(pair))
    [answer] = pair.nodes["leaf1"].run("ping 10.0.0.2", text=True)
    assert "100% packet loss" in answer["output"]
    pair.drop(CABLE)
    until(lambda: established(pair))


def test_a_suspended_cable_keeps_the_port_up_and_nothing_else(pair):
    pair.drop(CABLE, everything=lambda _: True)
    until(lambda: not established(pair) and neighbors(pair) == [])
    assert port_up(pair)
    pair.drop(CABLE)
    until(lambda: established(pair) and neighbors(pair) == ["leaf2"])


def test_a_shut_port_darkens_the_other_end(pair):
    shut = ("enable", "configure", "interface Ethernet1")
    pair.nodes["leaf2"].run(*shut, "shutdown")
    until(lambda: not port_up(pair))
    pair.nodes["leaf2"].run(*shut, "no shutdown")
    until(lambda: port_up(pair) and established(pair))


def test_a_change_at_the_far_end_is_seen(pair):
    pair.nodes["leaf2"].run("enable", "configure", "hostname renamed")
    until(lambda: neighbors(pair) == ["renamed"])
    pair.nodes["leaf2"].run("enable", "configure", "hostname leaf2")
    until(lambda: neighbors(pair) == ["leaf2"])


def test_malformed_frames_do_no_harm(pair):
    near = pair.wires[CABLE].ports[0]
    header = b"\xff" * 6 + b"\x02\x00\x00\x00\x00\x09" + b"\x88\xb5"
    for body in ("", "01", "0101", "0102ff", "0104" + "ff" * 60, "63" * 90):
        near.write(header + bytes.fromhex(body))
    near.write(b"\x01" * 14)
    assert neighbors(pair) == ["leaf2"]
    assert established(pair)


def test_a_node_that_is_powered_off_disappears_and_comes_back_as_saved(pair):
    pair.nodes["leaf2"].run("enable", "configure", "hostname kept", "end", "write memory")
    pair.nodes["leaf2"].run("enable", "configure", "hostname lost")
    until(lambda: neighbors(pair) == ["lost"])
    pair.stop("leaf2")
    pair.wires.pop(CABLE).close()
    until(lambda: neighbors(pair) == [] and not established(pair))
    pair.start("leaf2")
    pair.cable("leaf1:eth1", "leaf2:eth1")
    until(lambda: neighbors(pair) == ["kept"] and established(pair))
