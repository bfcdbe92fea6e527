"""What cannot hold in a lab, as a table of named entries with a reason each.

AVD makes its tests from intent, so a test that ANTA skips because MLAG is off or no OSPF neighbor
is there is a failure. An entry takes a result out of that rule: it names the test, the status and
the words that ANTA must have said. It never turns anything into a pass.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from avdlab.net.interfaces import base
from avdlab.topology.model import NodeKind, Topology
from avdlab.validate.intent.graph import ospf_neighbors
from avdlab.validate.intent.model import Device, Intent

OPEN_PORT = "port without a cable"
ABSENT_PORT = "port of an endpoint that the lab leaves out"
ENDPOINT_PORT = "port of an endpoint"
ABSENT_BUNDLES = "number of port-channels without a cable"
OUTSIDE_PEER = "peer outside of the lab"
DPS_PEER = "peer over dynamic path selection"
OSPF_NEIGHBOR = "ospf neighbor"
_SESSION = (
    r"(?:AFI: \S+ (?:SAFI: \S+ VRF: \S+ )?)?Peer: (\S+)(?: VRF: \S+)? - "
    r"(?:Incorrect session state - .*|Session not properly established - .*)"
)
_SESSION_TESTS = ("VerifyBGPPeerSession", "VerifyBGPSpecificPeers", "VerifyBFDSpecificPeers")

_PORT_DOWN = (
    r"Interface: (\S+) - (?:Status mismatch - Expected: up/up, Actual: down/.*"
    r"|Inactive port\(s\) - .*)"
)

VIRTUAL_MODELS = ("cEOSLab", "vEOS-lab", "cEOSCloudLab", "vEOS")  # ANTA's own list
_ON_VIRTUAL = rf".* not supported on ({'|'.join(VIRTUAL_MODELS)})"


@dataclass(frozen=True, slots=True)
class Entry:
    """One exception. Every message of the result must match `message` as a whole."""

    name: str
    tests: tuple[str, ...]  # ANTA class names; empty: any
    status: str  # ANTA's: failure or skipped
    message: str
    reason: str
    unless: str = ""  # a service of the lab that makes the entry void
    lacking: str = ""  # only for devices whose design lacks this
    subject: str = ""  # only where what `message` names, as its group, is one of these by design
    stand_in: bool = False  # only where the device is a twin

    def covers(self, test: str, status: str, messages: Sequence[str]) -> bool:
        """Tell whether the entry explains this result."""
        if status != self.status or (self.tests and test not in self.tests) or not messages:
            return False
        return all(re.fullmatch(self.message, line) for line in _lines(messages))

    def subjects(self, messages: Sequence[str]) -> frozenset[str]:
        """Return what messages that `covers` accepts are about: ports, or peers."""
        matches = (re.fullmatch(self.message, line) for line in _lines(messages))
        return frozenset(
            base(match[1]) if self.subject in {OPEN_PORT, ABSENT_PORT} else match[1]
            for match in matches
            if match
        )


def _lines(messages: Sequence[str]) -> list[str]:
    return [line for message in messages for line in message.splitlines()]


ENTRIES = (
    Entry(
        "lab-has-no-ntp-server",
        ("VerifyNTP",),
        "failure",
        r"NTP status mismatch - Expected: synchronised Actual: unsynchronised.*",
        "the lab runs no NTP server, so no clock can be synchronised",
        unless="ntp",
    ),
    Entry(
        "design-has-no-ntp-server",
        ("VerifyNTP",),
        "failure",
        r"NTP status mismatch - Expected: synchronised Actual: NTP is disabled\.?",
        "AVD tests NTP on every device, and the design gives this one no NTP server",
        lacking="ntp",
    ),
    Entry(
        "design-names-nothing-on-port",
        ("VerifyInterfacesStatus", "VerifyPortChannels"),
        "failure",
        _PORT_DOWN,
        "the design names no device or endpoint on these ports, so the lab plugs nothing in",
        subject=OPEN_PORT,
    ),
    Entry(
        "endpoint-left-out",
        ("VerifyInterfacesStatus", "VerifyPortChannels"),
        "failure",
        _PORT_DOWN,
        "the lab leaves out the endpoints that the design plugs into these ports",
        subject=ABSENT_PORT,
    ),
    Entry(
        "endpoints-tell-no-lldp",
        ("VerifyLLDPNeighbors",),
        "failure",
        r"Port: (\S+) Neighbor: .* - No LLDP neighbors",
        "the lab's endpoints send no LLDP, which the design wants verified on these ports",
        subject=ENDPOINT_PORT,
    ),
    Entry(
        "mlag-to-endpoint-left-out",
        ("VerifyMlagInterfaces",),
        "failure",
        r"MLAG status is not ok - Inactive Ports: (\d+) Partial Active Ports: 0",
        "the lab leaves out the endpoints of as many port-channels",
        subject=ABSENT_BUNDLES,
    ),
    Entry(
        "peer-outside-the-lab",
        _SESSION_TESTS,
        "failure",
        _SESSION,
        "no device of the lab has the address of these BGP neighbors",
        subject=OUTSIDE_PEER,
    ),
    Entry(
        "design-has-no-ospf-neighbor",
        ("VerifyOSPFNeighborState",),
        "skipped",
        r"No OSPF neighbor detected",
        "no other device of the lab speaks OSPF on a link of this one",
        lacking=OSPF_NEIGHBOR,
    ),
    Entry(
        "twin-has-no-path-selection",
        _SESSION_TESTS,
        "failure",
        _SESSION,
        "the twin computes no dynamic path selection, over which these sessions would run",
        subject=DPS_PEER,
        stand_in=True,
    ),
    Entry(
        "twin-has-no-ipsec",
        ("VerifySpecificIPSecConn",),
        "failure",
        r"Peer: \S+ VRF: \S+ - Not configured",
        "the twin computes no IPsec connections",
        stand_in=True,
    ),
    Entry(
        "no-optics-power-or-fans",
        (
            "VerifyEnvironmentCooling",
            "VerifyEnvironmentPower",
            "VerifyEnvironmentSystemCooling",
            "VerifyInventory",
            "VerifyTemperature",
            "VerifyTransceiversManufacturers",
            "VerifyTransceiversTemperature",
        ),
        "skipped",
        _ON_VIRTUAL,
        "a virtual device has no optics, power supplies, fans or sensors",
    ),
    Entry(
        "not-on-virtual-hardware",
        (),
        "skipped",
        _ON_VIRTUAL,
        "ANTA itself does not run this test on virtual EOS",
    ),
)


_REASONS = {entry.name: entry.reason for entry in ENTRIES}


def reason_of(name: str) -> str:
    """Return why the entry of this name exists, "" for a name that this version does not know."""
    return _REASONS.get(name, "")


# What an intended configuration has when it has the feature at all.
_FEATURES = {"ntp": re.compile(r"^ntp server ", re.MULTILINE)}


@dataclass(frozen=True, slots=True)
class Policy:
    """The entries in force, and what they ask about the lab and its design."""

    entries: tuple[Entry, ...] = ENTRIES
    services: frozenset[str] = frozenset()  # what the lab offers its devices: ntp
    lacking: frozenset[tuple[str, str]] = frozenset()  # (device, feature) absent by intent
    # what kind of thing -> (device, name) of those that are so by intent
    subjects: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        configs: Mapping[str, str],
        services: Collection[str] = (),
        topology: Topology | None = None,
        intent: Intent | None = None,
    ) -> "Policy":
        """Read from the design which device lacks what: never from what runs on it."""
        lacking = {
            (device, feature)
            for device, text in configs.items()
            for feature, pattern in _FEATURES.items()
            if not pattern.search(text)
        }
        subjects: dict[str, frozenset[tuple[str, str]]] = {}
        if topology is not None:
            subjects |= _dark_ports(topology)
        if intent is not None:
            lacking |= {
                (d.name, OSPF_NEIGHBOR) for d in intent.devices.values() if not _ospf(intent, d)
            }
            subjects[OUTSIDE_PEER] = frozenset(_outside_peers(intent))
            subjects[DPS_PEER] = frozenset(_dps_peers(intent))
        return cls(
            services=frozenset(services),
            lacking=frozenset(lacking),
            subjects=subjects,
        )

    def explain(
        self,
        device: str,
        test: str,
        status: str,
        messages: Sequence[str],
        *,
        stand_in: bool = False,
    ) -> Entry | None:
        """Return the first entry that explains why a test could not hold, if any does.

        `stand_in`: the device is a twin.
        """
        for entry in self.entries:
            if entry.unless in self.services or (entry.stand_in and not stand_in):
                continue
            if entry.lacking and (device, entry.lacking) not in self.lacking:
                continue
            if not entry.covers(test, status, messages):
                continue
            named = entry.subjects(messages) if entry.subject else ()
            known = self.subjects.get(entry.subject, frozenset())
            if all((device, name) in known for name in named):
                return entry
        return None


def _dark_ports(topology: Topology) -> dict[str, frozenset[tuple[str, str]]]:
    """Return the ports that the design leaves open or the lab's backend leaves out, and that no
    cable was given since."""
    cabled = {(end.node, end.interface) for link in topology.links for end in (link.a, link.b)}
    left_open: set[tuple[str, str]] = set()
    absent: set[tuple[str, str]] = set()
    bundles: set[tuple[str, str]] = set()
    for node in topology.devices:
        left_open |= {(node.name, port) for port in node.open_ports}
        absent |= {(node.name, port) for port in (*node.open_ports, *node.absent_ports)}
        if node.absent_ports:
            count = sum(
                port.startswith("Port-Channel") for name, port in absent if name == node.name
            )
            bundles |= {(node.name, str(number)) for number in range(1, count + 1)}
    return {
        OPEN_PORT: frozenset(left_open - cabled),
        ABSENT_PORT: frozenset(absent - cabled),
        ABSENT_BUNDLES: frozenset(bundles),
        ENDPOINT_PORT: frozenset(
            (own.node, own.interface)
            for link in topology.links
            for own, other in ((link.a, link.b), (link.b, link.a))
            if topology.nodes[other.node].kind is NodeKind.ENDPOINT
        ),
    }


def _outside_peers(intent: Intent) -> Iterator[tuple[str, str]]:
    for device in intent.devices.values():
        for peer in device.peers:
            if peer.address and (peer.vrf, peer.address) not in intent.owners:
                yield device.name, peer.address


def _dps_peers(intent: Intent) -> Iterator[tuple[str, str]]:
    for device in intent.devices.values():
        for peer in device.peers:
            if peer.source.startswith("Dps"):
                yield device.name, peer.address


def _ospf(intent: Intent, device: Device) -> bool:
    """Tell whether another device of the lab speaks OSPF on a link of this one."""
    return next(ospf_neighbors(intent, device), None) is not None
