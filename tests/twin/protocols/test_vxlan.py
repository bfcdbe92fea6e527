"""VXLAN: state, flood lists, sanity checks."""

from collections.abc import Callable

import pytest

from avdlab.net.addresses import parse_ipv4
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.tables.l2 import Vxlan, VxlanCheck

Lab = Callable[..., Fabric]


def vtep(number: int, more: str = "", flood: bool = True) -> str:
    other = 3 - number
    flooded = f"   vxlan flood vtep 1.1.1.{other}\n" if flood else ""
    return (
        f"hostname v{number}\nip routing\nvlan 10\n"
        f"interface Loopback1\n   ip address 1.1.1.{number}/32\n"
        f"interface Ethernet1\n   no switchport\n   ip address 10.0.0.{number}/24\n   mtu 9214\n"
        f"interface Vlan10\n   ip address 192.168.10.{number}/24\n"
        f"ip route 1.1.1.{other}/32 10.0.0.{other}\n"
        "interface Vxlan1\n   vxlan source-interface Loopback1\n   vxlan vlan 10 vni 10010\n"
        f"{flooded}{more}"
    )


def state(fabric: Fabric, node: str = "v1") -> Vxlan:
    found = fabric.state.devices[node].vxlan
    assert found is not None
    return found


def checks(fabric: Fabric, node: str = "v1") -> dict[str, VxlanCheck]:
    return {row.name: row for rows in state(fabric, node).sanity.values() for row in rows}


CABLES = ("v1:Ethernet1 v2:Ethernet1",)


def test_static_flood_lists_stretch_the_vlan(lab: Lab) -> None:
    fabric = lab({"v1": vtep(1), "v2": vtep(2)}, CABLES)
    assert state(fabric).up
    assert dict(state(fabric).flood) == {10: (parse_ipv4("1.1.1.2"),)}
    assert state(fabric).vteps == (parse_ipv4("1.1.1.2"),)
    assert fabric.ping("v1", "default", parse_ipv4("192.168.10.2")).received == 5


def test_one_way_flooding_is_no_broadcast_domain(lab: Lab) -> None:
    fabric = lab({"v1": vtep(1), "v2": vtep(2, flood=False)}, CABLES)
    assert fabric.ping("v1", "default", parse_ipv4("192.168.10.2")).received == 0


def test_other_vnis_do_not_meet(lab: Lab) -> None:
    other = vtep(2).replace("vni 10010", "vni 99")
    fabric = lab({"v1": vtep(1), "v2": other}, CABLES)
    assert fabric.ping("v1", "default", parse_ipv4("192.168.10.2")).received == 0


@pytest.mark.parametrize(
    ("old", "new", "detail"),
    [
        ("   ip address 1.1.1.1/32\n", "", "Loopback1 has no address"),
        ("   ip address 1.1.1.1/32\n", "   shutdown\n", "Loopback1 is down"),
        ("source-interface Loopback1", "source-interface Loopback9", "Loopback9 does not exist"),
    ],
)
def test_without_its_source_vxlan_is_down_and_sanity_says_so(
    lab: Lab, old: str, new: str, detail: str
) -> None:
    fabric = lab({"v1": vtep(1).replace(old, new), "v2": vtep(2)}, CABLES)
    assert not state(fabric).up
    port = fabric.state.devices["v1"].ports["Vxlan1"]
    assert (port.line.value, port.reason) == ("down", detail)
    assert not fabric.state.devices["v1"].ports["Vlan10"].up
    row = checks(fabric)["Loopback IP Address"]
    assert (row.passed, row.detail) == (False, detail)


def test_sanity_has_every_category_of_eos(lab: Lab) -> None:
    fabric = lab({"v1": vtep(1), "v2": vtep(2)}, CABLES)
    assert set(state(fabric).sanity) == {"localVtep", "remoteVtep", "pd", "cvx", "mlag"}
    assert all(row.passed for row in checks(fabric).values())


def test_a_virtual_address_needs_the_virtual_mac(lab: Lab) -> None:
    text = vtep(1).replace("ip address 192.168.10.1/24", "ip address virtual 192.168.10.1/24")
    assert not checks(lab({"v1": text}))["Routing"].passed
    text += "ip virtual-router mac-address 00:1c:73:00:00:99\n"
    assert checks(lab({"v1": text}))["Routing"].passed


def test_an_mlag_pair_must_map_alike(
    lab: Lab, mlag_pair: dict[str, str], pair_cables: tuple[str, ...]
) -> None:
    more = (
        "interface Loopback1\n   ip address 1.1.1.1/32\n"
        "interface Vxlan1\n   vxlan source-interface Loopback1\n   vxlan vlan 10 vni 10\n"
    )
    configs = {name: text + more for name, text in mlag_pair.items()}
    assert all(row.passed for row in checks(lab(configs, pair_cables), "left").values())
    configs["right"] = configs["right"].replace("vni 10\n", "vni 11\n")
    row = checks(lab(configs, pair_cables), "left")["Peer VLAN-VNI"]
    assert (row.passed, row.detail) == (False, "VLAN 10: VNI 10 here, 11 on the peer")
    configs["right"] = configs["right"].replace("1.1.1.1/32", "1.1.1.9/32")
    assert not checks(lab(configs, pair_cables), "left")["Peer VTEP IP"].passed
