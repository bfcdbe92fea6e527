"""The management network of the lab in a structured config: where it differs from the design's."""

import re
from collections.abc import Iterator
from typing import Any

from avdlab.overlay.profile import ManagementAddress

Config = dict[str, Any]
Change = tuple[str, str]  # what, why
WHY = "the lab reaches it there"


def readdress(config: Config, wanted: ManagementAddress) -> Iterator[Change]:
    """Give the out-of-band management interface the lab's name, address and gateway."""
    entry = next(
        (e for e in config.get("management_interfaces") or () if e.get("type", "oob") == "oob"),
        None,
    )
    if entry is None:
        entry = {"name": wanted.interface or "Management1", "shutdown": False, "type": "oob"}
        config.setdefault("management_interfaces", []).append(entry)
    before = str(entry["name"])
    if wanted.interface and wanted.interface != before:
        renamed = _renamed(config, before, wanted.interface)
        config.clear()
        config.update(renamed)
        entry = next(e for e in config["management_interfaces"] if e["name"] == wanted.interface)
        yield f"{before} is {wanted.interface}", "the lab's nodes call it so"
    if wanted.address and wanted.address != entry.get("ip_address"):
        entry["ip_address"] = wanted.address
        yield f"{entry['name']} has the address {wanted.address}", WHY
    if wanted.gateway and wanted.gateway != entry.get("gateway"):
        _change_gateway(config, entry, wanted.gateway)
        yield f"management traffic goes to {wanted.gateway}", WHY


def _renamed(value: Any, old: str, new: str) -> Any:  # noqa: ANN401  (any part of a config)
    """Replace the name wherever it stands, also inside texts of EOS commands."""
    if isinstance(value, dict):
        return {key: _renamed(item, old, new) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, old, new) for item in value]
    if isinstance(value, str):
        return re.sub(rf"\b{re.escape(old)}\b(?!/)", new, value)
    return value


def _change_gateway(config: Config, entry: Config, gateway: str) -> None:
    """Change the default route of the management VRF, or add it."""
    vrf = str(entry.get("vrf") or "default")
    before = entry.get("gateway")
    entry["gateway"] = gateway
    routes = config.setdefault("static_routes", [])
    for route in routes:
        default = route.get("prefix") == "0.0.0.0/0" and str(route.get("vrf") or "default") == vrf
        if default and before in {None, route.get("next_hop")}:
            route["next_hop"] = gateway
            return
    added = {"prefix": "0.0.0.0/0", "next_hop": gateway}
    routes.append(added if vrf == "default" else {**added, "vrf": vrf})


def limit_mtu(config: Config, most: int) -> Iterator[Change]:
    """Lower every MTU to what the lab's cables carry."""
    changed: dict[int, int] = {}
    kinds = ("ethernet", "port_channel", "vlan", "loopback", "tunnel")
    for interface in (i for kind in kinds for i in config.get(f"{kind}_interfaces") or ()):
        mtu = interface.get("mtu")
        if isinstance(mtu, int) and mtu > most:
            interface["mtu"] = most
            changed[mtu] = changed.get(mtu, 0) + 1
    for mtu, count in changed.items():
        yield f"mtu {mtu} is {most} on {count} interfaces", "the lab's cables carry no more"
