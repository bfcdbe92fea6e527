"""Two switches on a twin process, made as a lab makes it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from avdlab.backends.base import EapiTarget, LabSpec
from avdlab.backends.eapi import run_commands
from avdlab.backends.twin.backend import TwinBackend
from avdlab.events import Reporter
from avdlab.overlay.model import LabUser
from avdlab.state import LabFolder, LabState, write_private
from avdlab.topology.files import to_json
from avdlab.topology.model import Link, LinkEnd, Node, NodeKind, Topology

USER = LabUser("arista", "arista")
# sha512-crypt of "arista" with the salt "avdlab"
HASH = (
    "$6$avdlab$tDn4Ed/bCtvDwL6egQRVu4itAowCkFsFck0fAR2UzEbLwXbDWtDi2rU5Fjx"
    ".Ylk0tcGLFpDjh8Nmok8s7inma1"
)


def config(number, *, mtu=9214, user=USER.name, eapi="no shutdown"):
    """Return a switch: eAPI in the MGMT VRF, one routed link to the other switch, BGP over it."""
    return f"""\
!
aaa authorization exec default local
!
hostname leaf{number}
!
username {user} privilege 15 role network-admin secret sha512 {HASH}
!
vrf instance MGMT
!
interface Ethernet1
   description to the other one
   mtu {mtu}
   no switchport
   ip address 10.0.0.{number}/30
!
interface Loopback0
   ip address 192.0.2.{number}/32
!
interface Management0
   vrf MGMT
   ip address 172.16.0.{number}/24
!
ip routing
no ip routing vrf MGMT
!
banner login
This is leaf{number}
! not a comment
EOF
!
management api http-commands
   protocol https
   {eapi}
   !
   vrf MGMT
      {eapi}
!
router bgp {65000 + number}
   router-id 192.0.2.{number}
   neighbor 10.0.0.{3 - number} remote-as {65003 - number}
!
end
"""


@dataclass(frozen=True)
class Twins:
    """The running pair."""

    backend: TwinBackend
    targets: tuple[EapiTarget, ...]
    config: Callable[..., str]

    @property
    def configs(self):
        return {"leaf1": config(1), "leaf2": config(2)}

    def text(self, device, command):
        where = next(target for target in self.targets if target.device == device)
        return run_commands(where, ["enable", command], output="text")[1]["output"]

    def sessions(self, device):
        where = next(target for target in self.targets if target.device == device)
        found = run_commands(where, ["enable", "show configuration sessions detail"])[1]
        rows = found["sessions"].items()
        pending = {name for name, facts in rows if facts["state"].startswith("pending")}
        timer = found.get("commitTimerSessionName")
        return pending | ({timer} if timer else set())


def topology():
    """Return the pair as a topology: two switches and the cable between them."""
    nodes = {
        f"leaf{number}": Node(
            f"leaf{number}",
            NodeKind.DEVICE,
            management_interface="Management0",
            management_address=f"172.16.0.{number}/24",
            management_vrf="MGMT",
            interfaces=("Ethernet1",),
        )
        for number in (1, 2)
    }
    link = Link.between(LinkEnd("leaf1", "Ethernet1"), LinkEnd("leaf2", "Ethernet1"))
    return Topology("pair", nodes, (link,))


def start(folder):
    """Start a pair from its configurations; give it to `stop` at the end."""
    seeds = {"leaf1": config(1), "leaf2": config(2)}
    spec = LabSpec("pair", folder, topology(), seeds, USER)
    backend = TwinBackend(folder, USER)
    backend.apply(backend.plan(spec), Reporter())
    return Twins(backend, tuple(backend.address(name) for name in sorted(seeds)), config)


@contextmanager
def running_lab(project: Path) -> Iterator[LabFolder]:
    """Give a project folder a running lab of the pair, as `up` leaves it."""
    folder = LabFolder(project / ".avdlab" / "pair")
    folder.create()
    folder.password(USER.password)
    folder.save(LabState("pair", "twin", "", user=USER.name))
    made = start(folder.path)
    write_private(folder.topology, to_json(topology()))
    write_private(folder.path / "groups.json", json.dumps({"leaf1": [], "leaf2": []}))
    yield folder
    made.backend.destroy()
