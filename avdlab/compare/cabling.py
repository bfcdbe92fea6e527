"""Cables out of a recording without a drawing: what LLDP heard, both ways; or OSPF and IS-IS, which
tell where ports have no subnet to go by."""

from collections.abc import Iterator, Mapping
from typing import Any

from avdlab.compare.recording import Recording
from avdlab.net.interfaces import canonical, is_interface, is_physical

_COMMANDS = ("show lldp neighbors detail", "show lldp neighbors")
Cabling = dict[str, Any]  # `edges`, as Batfish's layer-1 files have them


def neighbors(recording: Recording) -> Cabling | None:
    """Return the cables that recorded LLDP neighbors show, None where none were recorded."""
    told = {
        name: output.data
        for name, device in recording.devices.items()
        for output in [device.output(_COMMANDS[0]) or device.output(_COMMANDS[1])]
        if output is not None and output.data is not None
    }
    found = edges({name: device.config for name, device in recording.devices.items()}, told)
    return {"edges": found} if found else None


def adjacencies(recording: Recording) -> Cabling:
    """Return the cables that recorded OSPF and IS-IS neighbors show, seen from both ends."""
    configs = {name: device.config for name, device in recording.devices.items()}
    owners = {word: name for name, text in configs.items() for word in _own_names(text)}
    seen: dict[tuple[str, str], list[str]] = {}
    for name, device in recording.devices.items():
        for command in ("show ip ospf neighbor", "show isis neighbors"):
            output = device.output(command)
            data = output.data if output is not None else None
            for port, neighbor in _adjacent(data or {}):
                far = owners.get(neighbor)
                if far is not None and far != name and is_physical(port):
                    ports = seen.setdefault((name, far), [])
                    ports += [port] if port not in ports else []
    return {
        "edges": [
            edge((near, a), (far, b))
            for (near, far), ports in sorted(seen.items())
            if near < far and len(ports) == len(seen.get((far, near), ()))
            for a, b in zip(sorted(ports), sorted(seen[far, near]), strict=True)
        ]
    }


def _own_names(config: str) -> Iterator[str]:
    """Yield what neighbors may call a device: its hostname, its addresses, its router ids."""
    yield hostname(config)
    for line in config.splitlines():
        words = line.split()
        if words[:2] == ["ip", "address"] and len(words) > 2:
            yield words[2].partition("/")[0]
        elif words[:1] == ["router-id"]:
            yield words[-1]


def _adjacent(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (own port, router id or hostname) of the JSON of either protocol."""
    for vrf in data.get("vrfs", {}).values():
        for instance in vrf.get("instList", {}).values():
            for entry in instance.get("ospfNeighborEntries", ()):
                yield entry.get("interfaceName", ""), entry.get("routerId", "")
        for instance in vrf.get("isisInstances", {}).values():
            for neighbor in instance.get("neighbors", {}).values():
                for entry in neighbor.get("adjacencies", ()):
                    yield entry.get("interfaceName", ""), entry.get("hostname", "")


def edges(configs: Mapping[str, str], told: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the cables that devices' LLDP JSON shows. Devices call each other by hostname."""
    names = {hostname(text): name for name, text in configs.items()}
    seen: dict[frozenset[tuple[str, str]], None] = {}
    for device, data in told.items():
        for near, (system, port) in heard(device, data):
            far = names.get(system) or names.get(system.split(".")[0]) or system
            seen[frozenset({near, (far, port)})] = None
    return [edge(*sorted(ends)) for ends in seen if len(ends) == 2]


def hostname(config: str) -> str:
    """Return the hostname of a configuration, "" where it has none."""
    lines = (line.split() for line in config.splitlines() if line.startswith("hostname "))
    return next((words[1] for words in lines if len(words) > 1), "")


def edge(one: tuple[str, str], two: tuple[str, str]) -> dict[str, dict[str, str]]:
    """Return one cable as Batfish writes it."""
    return {
        "node1": {"hostname": one[0], "interfaceName": one[1]},
        "node2": {"hostname": two[0], "interfaceName": two[1]},
    }


def heard(device: str, data: dict[str, Any]) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Yield (own port, neighbor's port) of the JSON of either LLDP command."""
    listed = data.get("lldpNeighbors", ())
    if isinstance(listed, list):  # show lldp neighbors
        for entry in listed:
            found = (str(entry.get("neighborDevice", "")), str(entry.get("neighborPort", "")))
            yield from _cable(device, str(entry.get("port", "")), *found)
        return
    for port, found in dict(listed).items():
        for info in found.get("lldpNeighborInfo", ()):
            told = info.get("neighborInterfaceInfo", {})
            far = told.get("interfaceId_v2") or told.get("interfaceId") or ""
            yield from _cable(device, port, str(info.get("systemName", "")), str(far))


def _cable(
    device: str, port: str, system: str, far: str
) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    far = far.strip('"')  # EOS 4.23 quotes the port's name
    if system and is_physical(port):
        yield (device, canonical(port)), (system, canonical(far) if is_interface(far) else far)
