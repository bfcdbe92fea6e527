"""A small fabric with the protocols of a big one: a spine, two leaves with VXLAN, hosts.

Commits choose one of a few variants of a device's text; faults cut cables and stop nodes. Many
orders end in the same inputs: test_orders compares what they end in.
"""

import json
from dataclasses import dataclass, field
from functools import lru_cache

from avdlab.net.addresses import parse_ipv4
from avdlab.twin.cli.commands import COMMANDS
from avdlab.twin.cli.exec import CliSession
from avdlab.twin.cli.node import Node
from avdlab.twin.cli.outcome import CommandError
from avdlab.twin.config.canonical import running_text
from avdlab.twin.config.loader import load
from avdlab.twin.config.settings import UserSettings
from avdlab.twin.config.tree import Config
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.identity import identity
from avdlab.twin.fabric.inputs import Cable, Endpoint, EndpointAddress, Faults, Plug

SPINE = """hostname spine
ip routing
interface Loopback0
   ip address 10.255.0.9/32
interface Ethernet1
   no switchport
   ip address 10.0.1.0/31
interface Ethernet2
   no switchport
   ip address 10.0.2.0/31
router bgp 65000
   router-id 10.255.0.9
   neighbor 10.0.1.1 remote-as 65001
   neighbor 10.0.2.1 remote-as 65002
   neighbor OVERLAY peer group
   neighbor OVERLAY update-source Loopback0
   neighbor OVERLAY ebgp-multihop 3
   neighbor OVERLAY next-hop-unchanged
   neighbor OVERLAY send-community
   neighbor 10.255.0.1 peer group OVERLAY
   neighbor 10.255.0.1 remote-as 65001
   neighbor 10.255.0.2 peer group OVERLAY
   neighbor 10.255.0.2 remote-as 65002
   redistribute connected
   address-family evpn
      neighbor OVERLAY activate
   address-family ipv4
      no neighbor OVERLAY activate
"""
LEAF = """hostname leaf{n}
ip routing
vrf instance A
ip routing vrf A
vlan 10
interface Loopback0
   ip address 10.255.0.{n}/32
interface Loopback1
   ip address 10.255.1.{n}/32
interface Ethernet1
   no switchport
   ip address 10.0.{n}.1/31
interface Ethernet2
   no switchport
   ip address 10.0.3.{n}/24
   ip ospf area 0
interface Ethernet3
   switchport access vlan 10
interface Vlan10
   vrf A
   ip address virtual 192.168.10.1/24
interface Vxlan1
   vxlan source-interface Loopback1
   vxlan vlan 10 vni 10010
   vxlan vrf A vni 50001
ip virtual-router mac-address 00:1c:73:00:00:99
router ospf 1
   router-id 10.255.0.{n}
   redistribute connected
router bgp 6500{n}
   router-id 10.255.0.{n}
   maximum-paths 4 ecmp 4
   neighbor 10.0.{n}.0 remote-as 65000
   neighbor 10.255.0.9 remote-as 65000
   neighbor 10.255.0.9 update-source Loopback0
   neighbor 10.255.0.9 ebgp-multihop 3
   neighbor 10.255.0.9 send-community
   redistribute connected
   vlan 10
      rd 10.255.0.{n}:10
      route-target both 10:10
      redistribute learned
   address-family evpn
      neighbor 10.255.0.9 activate
   address-family ipv4
      no neighbor 10.255.0.9 activate
   vrf A
      rd 10.255.0.{n}:1
      route-target import evpn 1:1
      route-target export evpn 1:1
      redistribute connected
"""
BASE = {"spine": SPINE, "leaf1": LEAF.format(n=1), "leaf2": LEAF.format(n=2)}
# what a commit may change on any device: lines of EOS, put behind the base
CHANGES = (
    "",
    "interface Ethernet1\n   shutdown\n",
    "interface Loopback7\n   ip address 172.16.7.7/32\n",
    "ip route 172.16.0.0/16 Null0\nrouter bgp {asn}\n   redistribute static\n",
    "route-map DENY deny 10\nrouter bgp {asn}\n   redistribute connected route-map DENY\n",
    "router bgp {asn}\n   aggregate-address 10.255.0.0/16 summary-only\n",
    "no interface Loopback1\n",
    "no vlan 10\n",
    "no router bgp {asn}\n",
    "interface Ethernet2\n   mtu 1400\n",
)
ASNS = {"spine": 65000, "leaf1": 65001, "leaf2": 65002}
ENDS = (
    "spine:Ethernet1 leaf1:Ethernet1",
    "spine:Ethernet2 leaf2:Ethernet1",
    "leaf1:Ethernet2 leaf2:Ethernet2",
    "leaf1:Ethernet3 host1:eth0",
    "leaf2:Ethernet3 host2:eth0",
)
CABLES = tuple(Cable.between(*(Plug(*end.split(":")) for end in text.split())) for text in ENDS)
ASKED = (
    *("show ip route vrf all", "show ip bgp vrf all", "show bgp evpn", "show ip ospf neighbor"),
    *("show ip bgp summary vrf all", "show bgp evpn summary", "show interfaces", "show vxlan vtep"),
    *("show mac address-table", "show ip arp vrf all", "show lldp neighbors", "show vlan"),
)
ADMIN = UserSettings("admin", 15, "network-admin")


def _host(number: int) -> Endpoint:
    address = parse_ipv4(f"192.168.10.10{number}")
    mac = f"00:50:56:00:00:0{number}"
    return Endpoint(f"host{number}", ("eth0",), (), (EndpointAddress("eth0", mac, None, address),))


@dataclass(frozen=True)
class Wanted:
    """Inputs of the fabric: the change on each device, and the faults."""

    changes: tuple[tuple[str, int], ...] = tuple((node, 0) for node in BASE)
    cut: frozenset[Cable] = frozenset()
    stopped: frozenset[str] = frozenset()


@dataclass
class Small:
    """The running fabric. Its clock stands still: whatever differs is no time."""

    wanted: Wanted = Wanted()
    now: float = 0.0
    realistic: bool = False  # then time has to pass before a change is wholly there
    nodes: dict[str, Node] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = {name: identity("small", name) for name in BASE}
        self.fabric = Fabric("small", names, self.clock, realistic=self.realistic)
        self.fabric.set_wiring(CABLES, {host.name: host for host in (_host(1), _host(2))})
        self.nodes = {
            name: Node(name, text, {}, self.fabric, self.clock) for name, text in BASE.items()
        }
        self.apply(self.wanted)

    def clock(self) -> float:
        return self.now

    def session(self, name: str) -> CliSession:
        session = CliSession(self.nodes[name], ADMIN, COMMANDS)
        session.run("enable")
        return session

    def apply(self, wanted: Wanted) -> None:
        """Bring inputs in force: commits first, then faults."""
        for name, number in wanted.changes:
            self.commit(name, number)
        self.fault(wanted.cut, wanted.stopped)

    def commit(self, name: str, number: int) -> None:
        """Replace a device's running-config."""
        self.nodes[name].store.replace_running(text_of(name, number))
        self.nodes[name].sync()

    def fault(self, cut: frozenset[Cable], stopped: frozenset[str]) -> None:
        self.fabric.set_faults(Faults(cut, stopped))

    def run_out(self) -> None:
        """Let time pass until nothing more happens by itself."""
        while (due := self.fabric.next_event) is not None:
            self.now = due

    def quiet_answers(self) -> bytes:
        """Return the answers as if everything had happened at the start of time."""
        self.now = 0.0
        for times in self.fabric._changed.values():
            times.update(dict.fromkeys(times, 0.0))
        return self.answers()

    def answers(self) -> bytes:
        """Return what every device that runs answers, as the bytes that go on the wire."""
        devices = self.fabric.state.devices
        said: dict[str, object] = {}
        for name in devices:
            session = self.session(name)
            outputs = [_answer(session, command) for command in ASKED]
            said[name] = [running_text(self.nodes[name].store.running), outputs]
        return json.dumps(said).encode()


def _answer(session: CliSession, command: str) -> object:
    try:
        return session.run(command).json
    except CommandError as refused:  # as EOS refuses, without BGP for one
        return refused.errors


@lru_cache(maxsize=256)
def text_of(name: str, number: int) -> Config:
    """Return a device's configuration with a change."""
    loaded = load(BASE[name] + CHANGES[number].format(asn=ASNS[name]))
    assert not loaded.rejected, loaded.rejected
    return loaded.config


@lru_cache(maxsize=4096)
def cold(wanted: Wanted) -> bytes:
    """Return what a fabric answers that was booted with these inputs."""
    return Small(wanted).answers()
