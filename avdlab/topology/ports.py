"""What one device's structured config says of its ports: who they are cabled to, and how."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from avdlab.net.interfaces import base, canonical, is_subinterface


@dataclass(frozen=True, slots=True)
class DesignedPort:
    """A physical port of a device and the neighbor that the design gives it ("" when none)."""

    device: str
    name: str
    peer: str = ""
    peer_interface: str = ""
    peer_type: str = ""
    is_endpoint: bool = False
    channel: int | None = None
    channel_mode: str = ""
    bundle: tuple[str, ...] = ()  # what tells the endpoint's bond: MLAG, ESI, or the device's own
    switchport: Mapping[str, Any] | None = None


def designed_ports(device: str, structured: Mapping[str, Any]) -> tuple[DesignedPort, ...]:
    """Return the physical ports of a device, from `ethernet_interfaces` and their metadata.

    A subinterface adds its parent port when nothing else configures it.
    """
    channels = {
        str(item["name"]).removeprefix("Port-Channel"): item
        for item in structured.get("port_channel_interfaces", ())
    }
    domain = str(structured.get("mlag_configuration", {}).get("domain_id", ""))
    found: dict[str, DesignedPort] = {}
    for item in structured.get("ethernet_interfaces", ()):
        name = canonical(base(str(item["name"])))
        if is_subinterface(str(item["name"])):
            found.setdefault(name, DesignedPort(device, name))
        else:
            found[name] = _port(device, name, item, channels, domain)
    return tuple(found.values())


def _port(
    device: str,
    name: str,
    item: Mapping[str, Any],
    channels: Mapping[str, Mapping[str, Any]],
    domain: str,
) -> DesignedPort:
    metadata = item.get("metadata", {})
    group = item.get("channel_group", {})
    number = group.get("id")
    channel = channels.get(str(number), {})
    peer_interface = str(metadata.get("peer_interface") or "")
    return DesignedPort(
        device,
        name,
        peer=str(metadata.get("peer") or ""),
        peer_interface=base(peer_interface),
        peer_type=str(metadata.get("peer_type") or ""),
        is_endpoint=bool(metadata.get("peer_key")),
        channel=number,
        channel_mode=str(group.get("mode") or ""),
        bundle=_bundle(device, number, channel, domain),
        switchport=(channel if number is not None else item).get("switchport"),
    )


def _bundle(
    device: str, number: int | None, channel: Mapping[str, Any], domain: str
) -> tuple[str, ...]:
    if number is None:
        return ()
    if channel.get("mlag"):
        return ("mlag", domain, str(channel["mlag"]))
    segment = channel.get("evpn_ethernet_segment", {}).get("identifier")
    if segment:
        return ("esi", str(segment))
    return ("device", device, str(number))
