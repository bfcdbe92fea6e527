"""The overlay on structured configs: what keeps a lab's devices reachable for the harness.

Only what would lock the harness out is changed; a device that needs nothing keeps AVD's text byte
for byte. Later forms strip what cEOS rejects.
"""

import copy
from collections.abc import Callable, Mapping
from typing import Any

from avdlab.overlay.model import LabConfigs, LabDevice, LabUser, OverlayChange
from avdlab.overlay.user import password_hash
from avdlab.render import render_config
from avdlab.render.model import Rendered, RenderedDevice

StructuredConfig = dict[str, Any]
Changed = Callable[[str, str], None]
SPARE_NETWORK = "192.0.2"  # TEST-NET-1 (RFC 5737): for devices whose design gives no address


def overlay(rendered: Rendered, user: LabUser, *, enabled: bool = True) -> LabConfigs:
    """Return the lab configs and every change with its reason. Disabled: the intended configs."""
    devices: dict[str, LabDevice] = {}
    changes: list[OverlayChange] = []
    secret = password_hash(user) if enabled else ""
    for index, (name, device) in enumerate(sorted(rendered.devices.items()), start=1):
        if not enabled:
            devices[name] = LabDevice(name, device.config, device.structured_config)
            continue
        structured, made = _adapted(device, user, secret, index)
        changes += made
        config = render_config(structured) if made else device.config
        devices[name] = LabDevice(name, config, structured)
    return LabConfigs(devices, tuple(changes))


def _adapted(
    device: RenderedDevice, user: LabUser, secret: str, index: int
) -> tuple[Mapping[str, Any], list[OverlayChange]]:
    structured: StructuredConfig = copy.deepcopy(dict(device.structured_config))
    changes: list[OverlayChange] = []

    def changed(what: str, why: str) -> None:
        changes.append(OverlayChange(device.name, what, why))

    vrf = _management_address(structured, index, changed)
    _eapi(structured, vrf, changed)
    _user(structured, user, secret, changed)
    _aaa(structured, changed)
    return (structured if changes else device.structured_config), changes


def _management_address(structured: StructuredConfig, index: int, changed: Changed) -> str:
    """Make sure of an address on a management interface; return its VRF."""
    items = structured.setdefault("management_interfaces", [])
    usable = [item for item in items if item.get("ip_address") and not item.get("shutdown")]
    outside = [item for item in usable if item.get("type", "oob") == "oob"]
    if usable:
        return str((outside or usable)[0].get("vrf") or "default")
    if not items:
        items.append({"name": "Management0", "description": "LAB_MANAGEMENT"})
    items[0].update(ip_address=f"{SPARE_NETWORK}.{index % 254 + 1}/24", shutdown=False)
    changed(f"address on {items[0]['name']}", "the design gives no management address")
    return str(items[0].get("vrf") or "default")


def _eapi(structured: StructuredConfig, vrf: str, changed: Changed) -> None:
    eapi = structured.setdefault("management_api_http", {})
    enabled = any(item.get("name") == vrf for item in eapi.get("enable_vrfs", ()))
    if enabled and eapi.get("enable_https"):
        return
    eapi["enable_https"] = True
    if not enabled:
        eapi.setdefault("enable_vrfs", []).append({"name": vrf})
    changed(f"eAPI over HTTPS in VRF {vrf}", "AVD renders it only when management_eapi asks")


def _user(structured: StructuredConfig, user: LabUser, secret: str, changed: Changed) -> None:
    wanted = {
        "name": user.name,
        "privilege": 15,
        "role": "network-admin",
        "sha512_password": secret,
    }
    users = [item for item in structured.get("local_users", ()) if item["name"] != user.name]
    structured["local_users"] = sorted([*users, wanted], key=lambda item: str(item["name"]))
    changed(f"user {user.name}", "the harness logs in with it")


def _aaa(structured: StructuredConfig, changed: Changed) -> None:
    """Let local users in where only a server could: the lab has no AAA servers."""
    places = (
        ("aaa_authentication", "login", "default", "login"),
        ("aaa_authorization", "exec", "default", "exec authorization"),
        ("aaa_authorization", "commands", "all_default", "command authorization"),
    )
    for root, section, key, what in places:
        methods = str(structured.get(root, {}).get(section, {}).get(key) or "")
        if methods and not {"local", "none"} & set(methods.split()):
            structured[root][section][key] = f"{methods} local"
            changed(f"local {what}", "the design asks servers only, and the lab has none")
