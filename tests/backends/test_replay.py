"""Recordings on the twin: what is filled in where they are silent."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from avdlab.backends.twin.replay import Replay, replay
from avdlab.backends.twin.spellings import today
from avdlab.compare.recording import Recording, file_name
from avdlab.compare.result import Verdict, compare

OLD, NEW = "vEOS, EOS-4.23.0.1F", "cEOSLab, EOS-4.36.0.1F"
ROUTER = """! Command: show running-config
! device: {name} ({software})
!
hostname {name}
interface Ethernet1
   no switchport
   ip address 10.0.0.{host}/31
interface Ethernet2
ip routing
router bgp {asn}
   neighbor 10.0.0.{peer} remote-as {peer_as}
"""
SWITCH = """! Command: show running-config
! device: s1 (cEOSLab, EOS-4.36.0.1F)
!
hostname s1
vlan 10
interface Port-Channel5
   switchport mode trunk
   switchport trunk allowed vlan 10
interface Ethernet5
   channel-group 5 mode active
interface Ethernet6
   channel-group 5 mode active
interface Vlan10
   ip address 10.1.10.1/24
ip routing
"""
Outputs = Mapping[str, dict[str, Any]]


def router(number: int, software: str = NEW) -> str:
    other = 1 - number
    return ROUTER.format(
        name=f"r{number}",
        software=software,
        host=number,
        peer=other,
        asn=65000 + number,
        peer_as=65000 + other,
    )


def lab(folder: Path, configs: Mapping[str, str], outputs: Mapping[str, Outputs] = {}) -> Replay:
    for name, text in configs.items():
        (folder / "configs" / name).mkdir(parents=True)
        (folder / "configs" / name / "show_running-config.txt").write_text(text)
    for name, found in outputs.items():
        (folder / "show" / name).mkdir(parents=True)
        for command, data in found.items():
            path = folder / "show" / name / file_name(command, as_json=True)
            path.write_text(json.dumps(data))
    return replay(Recording.open(folder))


def port(status: str, **more: object) -> dict[str, object]:
    return {"interfaceStatus": status, **more}


def states(ran: Replay, device: str) -> dict[str, str]:
    found = ran.answer(device, "show interfaces")["interfaces"]
    return {name: facts["lineProtocolStatus"] for name, facts in found.items()}


def test_routers_in_one_subnet_are_cabled_where_nothing_was_drawn(tmp_path: Path):
    ran = lab(tmp_path, {"r0": router(0), "r1": router(1)})
    peers = ran.answer("r0", "show ip bgp neighbors vrf all")["vrfs"]["default"]["peerList"]
    assert [peer["state"] for peer in peers] == ["Established"]
    assert "no cabling was recorded: ports in one subnet were cabled" in ran.remarks()


def test_lldp_neighbors_are_cables(tmp_path: Path):
    near = {"interfaceId_v2": "Ethernet2", "interfaceId": '"Ethernet2"'}
    info = [{"systemName": "s2.lab.example", "neighborInterfaceInfo": near}]
    told = {"lldpNeighbors": {"Ethernet5": {"lldpNeighborInfo": info}}}
    other = "! device: s2 (cEOSLab, EOS-4.36.0.1F)\nhostname s2\ninterface Ethernet2\n"
    outputs = {"one": {"show lldp neighbors detail": told}}
    ran = lab(tmp_path, {"one": SWITCH, "two": other}, outputs)
    assert states(ran, "one")["Ethernet5"] == "up"
    assert states(ran, "two")["Ethernet2"] == "up"
    assert "cables were taken from recorded LLDP neighbors" in ran.remarks()


def test_old_releases_run_ribd_unless_they_name_another_model(tmp_path: Path):
    named = router(1, OLD) + "service routing protocols model multi-agent\n"
    ran = lab(tmp_path, {"r0": router(0, OLD), "r1": named})
    assert ran.answer("r0", "show bgp evpn") == {"errors": ["Not supported"]}
    assert "evpnRoutes" in ran.answer("r1", "show bgp evpn")


def test_ports_with_carrier_from_elsewhere_are_up(tmp_path: Path):
    recorded = {"interfaces": {"Ethernet2": port("connected"), "Ethernet3": port("notconnect")}}
    ran = lab(tmp_path, {"r0": router(0)}, {"r0": {"show interfaces": recorded}})
    assert states(ran, "r0") == {"Ethernet1": "notPresent", "Ethernet2": "up"}
    assert ran.outside == ("r0:Ethernet2",)


def test_port_channels_that_were_up_have_a_partner(tmp_path: Path):
    members = {"Ethernet5": {}, "Ethernet6": {}}
    up = {"Ethernet5": port("connected"), "Ethernet6": port("connected")}
    bundle = port("connected", memberInterfaces=members)
    recorded = {"interfaces": up | {"Port-Channel5": bundle}}
    ran = lab(tmp_path, {"s1": SWITCH}, {"s1": {"show interfaces": recorded}})
    assert states(ran, "s1")["Port-Channel5"] == "up"
    assert states(ran, "s1")["Vlan10"] == "up"


def test_port_channels_that_were_down_have_none(tmp_path: Path):
    up = {"Ethernet5": port("connected"), "Ethernet6": port("connected")}
    bundle = port("notconnect", memberInterfaces={})
    recorded = {"interfaces": up | {"Port-Channel5": bundle}}
    ran = lab(tmp_path, {"s1": SWITCH}, {"s1": {"show interfaces": recorded}})
    assert states(ran, "s1")["Port-Channel5"] == "lowerLayerDown"


def test_hosts_are_read_from_mac_and_arp_tables(tmp_path: Path):
    bundle = port("connected", memberInterfaces={"Ethernet5": {}})
    ports = {"interfaces": {"Ethernet5": port("connected"), "Port-Channel5": bundle}}
    mac = {"vlanId": 10, "macAddress": "00:aa:00:00:00:01", "interface": "Port-Channel5"}
    macs = {"unicastTable": {"tableEntries": [mac | {"entryType": "dynamic"}]}}
    neighbor = {"address": "10.1.10.9", "hwAddress": "00aa.0000.0001", "interface": "Vlan10, Po5"}
    arp = {"ipV4Neighbors": [neighbor]}
    recorded = {"show interfaces": ports, "show mac address-table": macs, "show ip arp": arp}
    ran = lab(tmp_path, {"s1": SWITCH}, {"s1": recorded})
    learned = ran.answer("s1", "show mac address-table")["unicastTable"]["tableEntries"]
    assert [(entry["vlanId"], entry["macAddress"]) for entry in learned] == [
        (10, "00:aa:00:00:00:01")
    ]
    known = ran.answer("s1", "show ip arp")["ipV4Neighbors"]
    assert [entry["address"] for entry in known] == ["10.1.10.9"]


def test_refused_lines_and_other_vendors_are_told(tmp_path: Path):
    configs = {"r0": router(0) + "frobnicate 5\n", "j1": "set system host-name j1\n"}
    remarks = lab(tmp_path, configs).remarks()
    assert "not run, as they are no EOS devices: j1" in remarks
    assert any(text.startswith("r0: refused line: frobnicate 5: Invalid input") for text in remarks)


def test_its_own_answers_compare_equal(tmp_path: Path):
    first = lab(tmp_path / "a", {"r0": router(0), "r1": router(1)})
    commands = ("show ip route vrf all", "show ip bgp vrf all", "show interfaces", "show vrf")
    outputs = {name: {c: first.answer(name, c) for c in commands} for name in first.nodes}
    again = lab(tmp_path / "b", {"r0": router(0), "r1": router(1)}, outputs)
    found = compare(again.recording, again.answer, again.text)
    assert found.entries
    assert not found.of(Verdict.WRONG)


def test_old_spellings_are_read_as_today(tmp_path: Path):
    """EOS before 4.20: `fall-over bfd`, `soft-reconfiguration`, `arp timeout`."""
    text = (
        "interface Ethernet1\n   arp timeout 300\n   vrrp 1 priority 200\n"
        "router bgp 65001\n   neighbor 10.0.0.1 fall-over bfd\n"
        "   neighbor 10.0.0.1 soft-reconfiguration inbound all\n"
    )
    assert today(text) == (
        "interface Ethernet1\n   arp aging timeout 300\n   vrrp 1 priority-level 200\n"
        "router bgp 65001\n   neighbor 10.0.0.1 bfd\n"
        "   neighbor 10.0.0.1 rib-in pre-policy retain all\n"
    )


def test_the_lower_hold_time_is_in_use(tmp_path: Path):
    configs = {"r0": router(0) + "   timers bgp 5 15\n", "r1": router(1)}
    ran = lab(tmp_path, configs)
    for device, configured in (("r0", 15), ("r1", 180)):
        answer = ran.answer(device, "show ip bgp neighbors vrf all")
        (peer,) = answer["vrfs"]["default"]["peerList"]
        assert (peer["holdTime"], peer["keepaliveTime"]) == (15, 5)
        assert peer["configHoldTime"] == configured


def test_link_local_addresses_are_those_of_recorded_ports(tmp_path: Path):
    unnumbered = (
        "! device: {0} (cEOSLab, EOS-4.36.0.1F)\nhostname {0}\ninterface Ethernet1\n"
        "   no switchport\n   ipv6 enable\ninterface Loopback0\n   ip address 10.255.0.{1}/32\n"
        "ip routing ipv6 interfaces\nipv6 unicast-routing\nrouter bgp 6500{1}\n"
        "   neighbor PG peer group\n   neighbor interface Et1 peer-group PG remote-as 6500{2}\n"
        "   redistribute connected\n   address-family ipv4\n      neighbor PG activate\n"
        "      neighbor PG next-hop address-family ipv6 originate\n"
    )
    configs = {"r1": unnumbered.format("r1", 1, 2), "r2": unnumbered.format("r2", 2, 1)}
    macs = {"r1": "aa:c1:ab:00:00:01", "r2": "aa:c1:ab:00:00:02"}
    outputs = {
        name: {"show interfaces": {"interfaces": {"Ethernet1": {"physicalAddress": mac}}}}
        for name, mac in macs.items()
    }
    cables = {"nodes": {}, "links": [{"endpoints": ["r1:eth1", "r2:eth1"]}]}
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "topology.clab.yml").write_text(
        json.dumps({"name": "lab", "topology": cables})
    )
    ran = lab(tmp_path, configs, outputs)
    routes = ran.answer("r1", "show ip route vrf all")["vrfs"]["default"]["routes"]
    assert routes["10.255.0.2/32"]["vias"] == [
        {"interface": "Ethernet1", "nexthopAddr": "fe80::a8c1:abff:fe00:2"}
    ]


UNNUMBERED = """! Command: show running-config
! device: r{n} (cEOSLab, EOS-4.36.0.1F)
!
hostname r{n}
interface Ethernet1
   no switchport
   ip address unnumbered Loopback0
   ip ospf network point-to-point
   ip ospf area 0.0.0.0
interface Ethernet2
   no switchport
   ip address unnumbered Loopback0
   ip ospf network point-to-point
   ip ospf area 0.0.0.0
interface Loopback0
   ip address 10.255.0.{n}/32
   ip ospf area 0.0.0.0
ip routing
router ospf 1
   router-id 10.255.0.{n}
"""


def heard(*neighbors: tuple[str, int]) -> dict[str, Any]:
    entries = [{"interfaceName": p, "routerId": f"10.255.0.{n}"} for p, n in neighbors]
    return {"vrfs": {"default": {"instList": {"1": {"ospfNeighborEntries": entries}}}}}


def test_unnumbered_ports_are_cabled_by_what_their_protocols_heard(tmp_path: Path):
    """r1 stands between r2 and r3, on its second and first port."""
    command = "show ip ospf neighbor"
    outputs = {
        "r1": {command: heard(("Ethernet2", 2), ("Ethernet1", 3))},
        "r2": {command: heard(("Ethernet1", 1))},
        "r3": {command: heard(("Ethernet1", 1))},
    }
    ran = lab(tmp_path, {f"r{n}": UNNUMBERED.format(n=n) for n in (1, 2, 3)}, outputs)
    assert any("neighbors of OSPF" in remark for remark in ran.remarks())
    routes = ran.answer("r2", "show ip route vrf all")["vrfs"]["default"]["routes"]
    assert routes["10.255.0.3/32"]["vias"] == [
        {"interface": "Ethernet1", "nexthopAddr": "10.255.0.1"}
    ]
