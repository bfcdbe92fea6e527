"""Which lines of a configuration are to blame for a pair of endpoints."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from avdlab.backends.base import Traced
from avdlab.validate.intent.hosts import Host
from avdlab.validate.intent.model import Intent

_LINES = 6  # that are shown for a pair

# What decides about reachability, whatever the pair.
_ALWAYS = "route-target|redistribute|access-group|access-list|permit|deny|trunk|shutdown"


class Blame:
    """Looks up what differs from the intended configuration, once per device.

    `differences`: devices -> unified diff from the running to the intended configuration.
    """

    def __init__(
        self, intent: Intent, differences: Callable[[Sequence[str]], Mapping[str, str]]
    ) -> None:
        self._intent = intent
        self._ask = differences
        self._known: dict[str, str] = {}

    def __call__(self, source: Host, to: Host, traced: Traced) -> tuple[str, ...]:
        """Return the lines that differ and have to do with a pair, else all that differ."""
        wanted = re.compile("|".join((*self._topics(source), *self._topics(to), _ALWAYS)))
        found: list[str] = []
        devices = self._suspects(source, to, traced)
        for device, diff in zip(devices, self._diffs(devices), strict=True):
            lines = [f"{device}: {text}" for text in _changed(diff)]
            found += [line for line in lines if wanted.search(line)] or lines
        return tuple(dict.fromkeys(found))[:_LINES]

    def _diffs(self, devices: Sequence[str]) -> list[str]:
        missing = [device for device in devices if device not in self._known]
        if missing:
            self._known |= dict.fromkeys(missing, "") | dict(self._ask(missing))
        return [self._known[device] for device in devices]

    def _suspects(self, source: Host, to: Host, traced: Traced) -> tuple[str, ...]:
        """Where packets end, then the gateways, then the devices that endpoints are plugged in."""
        stopped = [node for node, _ in traced.stops if node in self._intent.devices]
        near = [device for host in (source, to) for device in host.devices]
        plugged = [device for host in (source, to) for device, _ in host.ports]
        return tuple(dict.fromkeys((*stopped, *traced.hops, *near, *plugged)))

    def _topics(self, host: Host) -> Iterator[str]:
        """Yield patterns of what lines about an endpoint name: VLAN, VNI, VRF, addresses."""
        yield rf"\b[Vv]lan ?{host.vlan}\b"
        if host.gateway:
            yield re.escape(host.gateway)
        for name in host.devices:
            device = self._intent.devices[name]
            interface = device.interfaces.get(f"Vlan{host.vlan}")
            if interface and interface.vrf != "default":
                yield rf"\bvrf {re.escape(interface.vrf)}\b"
            if device.vxlan and host.vlan in device.vxlan.vlans:
                yield rf"\b{device.vxlan.vlans[host.vlan]}\b"


def _changed(diff: str) -> Iterator[str]:
    """Yield the lines of a diff, in words. The session diff goes from running to intended."""
    for line in diff.splitlines():
        text = line[1:].strip()
        if line[:3] not in {"+++", "---"} and text not in {"", "!"}:
            if line[0] == "-":
                yield f"runs by no design: '{text}'"
            elif line[0] == "+":
                yield f"missing: '{text}'"
