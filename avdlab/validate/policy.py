"""What cannot hold in a lab, as a table of named entries with a reason each.

AVD makes its tests from intent, so a test that ANTA skips because MLAG is off or no OSPF neighbor
is there is a failure. An entry takes a result out of that rule: it names the test, the status and
the words that ANTA must have said. It never turns anything into a pass.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

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

    def covers(self, test: str, status: str, messages: Sequence[str]) -> bool:
        """Tell whether the entry explains this result."""
        if status != self.status or (self.tests and test not in self.tests) or not messages:
            return False
        lines = [line for message in messages for line in message.splitlines()]
        return all(re.fullmatch(self.message, line) for line in lines)


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

    @classmethod
    def of(cls, configs: Mapping[str, str], services: Collection[str] = ()) -> "Policy":
        """Read from the intended texts which device lacks what: never from what runs on it."""
        lacking = {
            (device, feature)
            for device, text in configs.items()
            for feature, pattern in _FEATURES.items()
            if not pattern.search(text)
        }
        return cls(services=frozenset(services), lacking=frozenset(lacking))

    def explain(self, device: str, test: str, status: str, messages: Sequence[str]) -> Entry | None:
        """Return the first entry that explains why a test could not hold, if any does."""
        for entry in self.entries:
            if entry.unless in self.services:
                continue
            if entry.lacking and (device, entry.lacking) not in self.lacking:
                continue
            if entry.covers(test, status, messages):
                return entry
        return None
