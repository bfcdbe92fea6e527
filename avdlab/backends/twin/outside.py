"""What stood around a recorded fabric: hosts and other vendors' devices, as silent endpoints.

A recording tells of them only by what its devices saw: ports with carrier though no cable of
theirs was recorded, and Port-Channels that were up toward something that was not. Carrier and LACP
partners are inputs of the computation: they are read back from `show interfaces`, and the MACs and
addresses of hosts from MAC and ARP tables (hosts.py), where those were recorded.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from avdlab.backends.twin.hosts import with_hosts
from avdlab.compare.recording import Recording
from avdlab.net.interfaces import is_management, is_physical
from avdlab.twin.config.settings import DeviceSettings
from avdlab.twin.fabric.inputs import Bond, Cable, Endpoint, Plug

_OUTSIDE = "outside"
Endpoints = dict[str, Endpoint]


def surroundings(
    recording: Recording,
    settings: Mapping[str, DeviceSettings],
    cables: frozenset[Cable],
    endpoints: Endpoints,
) -> tuple[frozenset[Cable], Endpoints, tuple[str, ...]]:
    """Return cables and endpoints with what must have been there, and the ports it hangs on."""
    ports = {name: _interfaces(recording, name) for name in recording.devices}
    used = {plug for cable in cables for plug in (cable.a, cable.b)}
    dangling = [
        plug for name in sorted(ports) for plug in _lit(name, ports[name]) if plug not in used
    ]
    nics = {plug: f"nic{number}" for number, plug in enumerate(dangling)}
    added = {Cable.between(plug, Plug(_OUTSIDE, nic)) for plug, nic in nics.items()}
    found = dict(endpoints)
    if nics:
        found[_OUTSIDE] = Endpoint(_OUTSIDE, tuple(nics.values()), talking=False)
    cables = cables | added
    bonded = {
        name: replace(endpoint, bonds=tuple(_bonds(endpoint, cables, settings, ports)))
        for name, endpoint in found.items()
    }
    hosts = with_hosts(recording, settings, cables, bonded)
    return cables, hosts, tuple(f"{plug.node}:{plug.interface}" for plug in dangling)


def _interfaces(recording: Recording, device: str) -> Mapping[str, Any]:
    output = recording.devices[device].output("show interfaces")
    found = (output.data or {}).get("interfaces", {}) if output is not None else {}
    return found if isinstance(found, dict) else {}


def _lit(device: str, ports: Mapping[str, Any]) -> Iterator[Plug]:
    for name, facts in sorted(ports.items()):
        wired = is_physical(name) or is_management(name)
        if wired and facts.get("interfaceStatus") == "connected":
            yield Plug(device, name)


def _bonds(
    endpoint: Endpoint,
    cables: frozenset[Cable],
    settings: Mapping[str, DeviceSettings],
    ports: Mapping[str, Mapping[str, Any]],
) -> Iterator[Bond]:
    """Yield a bond for each Port-Channel toward the endpoint that was up; MLAG peers share one."""
    members: dict[tuple[str, str], list[str]] = {}
    modes: dict[tuple[str, str], str] = {}
    for cable in sorted(cables):
        for near, far in ((cable.a, cable.b), (cable.b, cable.a)):
            if far.node != endpoint.name or near.node not in settings:
                continue
            group = settings[near.node].interfaces.get(near.interface)
            if group is None or group.channel_group is None:
                continue
            channel = f"Port-Channel{group.channel_group.number}"
            if near.interface in ports[near.node].get(channel, {}).get("memberInterfaces", {}):
                key = _bundle(settings[near.node], near.node, channel)
                members.setdefault(key, []).append(far.interface)
                modes[key] = "static" if group.channel_group.mode == "on" else "lacp-active"
    for number, (key, nics) in enumerate(sorted(members.items())):
        yield Bond(f"bond{number}", tuple(nics), modes[key])


def _bundle(settings: DeviceSettings, device: str, channel: str) -> tuple[str, str]:
    interface = settings.interfaces.get(channel)
    if interface is not None and interface.mlag is not None and settings.mlag is not None:
        return (f"mlag {settings.mlag.domain_id}", str(interface.mlag))
    return (device, channel)
