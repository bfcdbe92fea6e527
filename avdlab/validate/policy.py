"""What cannot hold in a lab, as a table of named entries with a reason each.

AVD makes its tests from intent, so a test that ANTA skips because MLAG is off or no OSPF neighbor
is there is a failure. An entry takes a result out of that rule: it names the test, the status and
the words that ANTA must have said. It never turns anything into a pass.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from avdlab.net.interfaces import base
from avdlab.topology.model import Topology

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
    lacking: str = ""  # only for devices whose intended configuration lacks this
    open_port: bool = False  # only where `message` names, as its group, a port without a cable

    def covers(self, test: str, status: str, messages: Sequence[str]) -> bool:
        """Tell whether the entry explains this result."""
        if status != self.status or (self.tests and test not in self.tests) or not messages:
            return False
        return all(re.fullmatch(self.message, line) for line in _lines(messages))

    def ports(self, messages: Sequence[str]) -> frozenset[str]:
        """Return the ports that messages which `covers` accepts are about."""
        matches = (re.fullmatch(self.message, line) for line in _lines(messages))
        return frozenset(base(match[1]) for match in matches if match)


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
        r"Interface: (\S+) - (?:Status mismatch - Expected: up/up, Actual: down/.*"
        r"|Inactive port\(s\) - .*)",
        "the design names no device or endpoint on these ports, so the lab plugs nothing in",
        open_port=True,
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
    open_ports: frozenset[tuple[str, str]] = frozenset()  # (device, port) without a cable by intent

    @classmethod
    def of(
        cls,
        configs: Mapping[str, str],
        services: Collection[str] = (),
        topology: Topology | None = None,
    ) -> "Policy":
        """Read from the intended texts and cabling which device lacks what: never from what runs
        on it."""
        lacking = {
            (device, feature)
            for device, text in configs.items()
            for feature, pattern in _FEATURES.items()
            if not pattern.search(text)
        }
        return cls(
            services=frozenset(services),
            lacking=frozenset(lacking),
            open_ports=_open_ports(topology) if topology else frozenset(),
        )

    def explain(self, device: str, test: str, status: str, messages: Sequence[str]) -> Entry | None:
        """Return the first entry that explains why a test could not hold, if any does."""
        for entry in self.entries:
            if entry.unless in self.services:
                continue
            if entry.lacking and (device, entry.lacking) not in self.lacking:
                continue
            if not entry.covers(test, status, messages):
                continue
            ports = entry.ports(messages) if entry.open_port else ()
            if all((device, port) in self.open_ports for port in ports):
                return entry
        return None


def _open_ports(topology: Topology) -> frozenset[tuple[str, str]]:
    """Return the ports that the design leaves open, and that no cable was given since."""
    cabled = {(end.node, end.interface) for link in topology.links for end in (link.a, link.b)}
    left = {(node.name, port) for node in topology.devices for port in node.open_ports}
    return frozenset(left - cabled)
