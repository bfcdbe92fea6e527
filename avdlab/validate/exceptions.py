"""What cannot hold in a lab, as a table of named entries with a reason each.

AVD makes its tests from intent, so a test that ANTA skips because MLAG is off or no OSPF neighbor
is there is a failure. An entry takes a result out of that rule: it names the test, the status and
the words that ANTA must have said. It never turns anything into a pass.
"""

import re
from dataclasses import dataclass

from avdlab.net.interfaces import base
from avdlab.validate.subjects import (
    ABSENT_BUNDLES,
    ABSENT_PORT,
    BEHIND_CIRCUIT,
    ENDPOINT_PORT,
    NO_CIRCUIT,
    NO_PATH,
    OPEN_PORT,
    OSPF_NEIGHBOR,
    OUTSIDE_PEER,
    UNTOLD,
)

_SESSION = (
    r"(?:AFI: \S+ (?:SAFI: \S+ VRF: \S+ )?)?Peer: (\S+)(?: VRF: \S+)? - "
    r"(?:Incorrect session state - .*|Session not properly established - .*"
    r"|Incorrect (?:Transmit|Receive) interval - .*)"
)
_SESSION_TESTS = (
    "VerifyBGPPeerSession",
    "VerifyBGPSpecificPeers",
    "VerifyBFDSpecificPeers",
    "VerifyBFDPeersIntervals",
)
_UNREACHED = (
    r"(?:Destination (\S+) (?:\(.*?\) )?(?:from \S+ )?in VRF default - "
    r"(?:Unreachable|Packet loss detected - .*)"
    r"|Prefix: (\S+)/32 VRF: default - Route not found)"
)
_PING_TESTS = ("VerifyReachability", "VerifyIPv4RoutePresencePerVRF")

_PORT_DOWN = (
    r"Interface: (\S+) - (?:Status mismatch - Expected: up/up, Actual: down/.*"
    r"|Inactive port\(s\) - .*)"
)

VIRTUAL_MODELS = ("cEOSLab", "vEOS-lab", "cEOSCloudLab", "vEOS")  # ANTA's own list
_ON_VIRTUAL = rf".* not supported on ({'|'.join(VIRTUAL_MODELS)})"


@dataclass(frozen=True, slots=True)
class Entry:
    """One exception, for messages that match `message` as a whole."""

    name: str
    tests: tuple[str, ...]  # ANTA class names; empty: any
    status: str  # ANTA's: failure or skipped
    message: str
    reason: str
    unless: str = ""  # a service of the lab that makes the entry void
    lacking: str = ""  # only for devices whose design lacks this
    subject: str = ""  # only where what `message` names, as its group, is one of these by design

    def covers(self, test: str, status: str, line: str) -> bool:
        """Tell whether the entry is about a line of such a result."""
        if status != self.status or (self.tests and test not in self.tests):
            return False
        return re.fullmatch(self.message, line) is not None

    def named(self, line: str) -> str:
        """Return what a line that `covers` accepts is about: a port, or a peer."""
        match = re.fullmatch(self.message, line)
        name = next((group for group in match.groups() if group), "") if match else ""
        return base(name) if self.subject in {OPEN_PORT, ABSENT_PORT} else name


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
        "no-answer-from-outside-the-lab",
        ("VerifyReachability",),
        "failure",
        _UNREACHED,
        "no device of the lab has these addresses",
        subject=OUTSIDE_PEER,
    ),
    Entry(
        "lab-has-no-wan-circuit",
        (*_SESSION_TESTS, "VerifySpecificIPSecConn"),
        "failure",
        rf"{_SESSION}|Peer: (\S+) VRF: \S+ - Not configured",
        "the circuits that these paths need lead out of the lab, or nobody in it lends them an "
        "address by DHCP",
        subject=NO_CIRCUIT,
    ),
    Entry(
        "behind-wan-circuits-outside-the-lab",
        _PING_TESTS,
        "failure",
        _UNREACHED,
        "the circuits on the way there lead out of the lab, or nobody in it lends them an "
        "address by DHCP",
        subject=BEHIND_CIRCUIT,
    ),
    Entry(
        "design-has-no-wan-path",
        ("VerifyReachability",),
        "failure",
        _UNREACHED,
        "AVD wants every WAN router to reach every other one, and by design these have no path "
        "group in common, and no transit router leads from one to the other",
        subject=NO_PATH,
    ),
    Entry(
        "design-tells-nobody",
        _PING_TESTS,
        "failure",
        _UNREACHED,
        "AVD wants every VTEP to reach the loopbacks of all devices, and by design no device is "
        "told of these: exclude_as_extra_fabric_validation_target of the validation profile "
        "leaves such a device out",
        subject=UNTOLD,
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


def reason_of(names: str) -> str:
    """Return why the entries of these names exist, "" for names that this version does not know."""
    known = (_REASONS.get(name, "") for name in names.split(", "))
    return "; ".join(reason for reason in known if reason)
