"""The lab overlay on structured configs: each adaptation changes one thing and says why.

Devices that need nothing keep AVD's text byte for byte; the others are rendered again.
"""

import copy
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from avdlab.net.addresses import format_ipv4, parse_interface_address
from avdlab.overlay.ceos import filtered, left_out, overlay_changes, without_paths
from avdlab.overlay.management import limit_mtu, readdress
from avdlab.overlay.methods import locks_out
from avdlab.overlay.model import LabConfigs, LabDevice, LabUser, OverlayChange
from avdlab.overlay.profile import TWIN, Profile
from avdlab.overlay.user import sha512_secret
from avdlab.render.configs import render_config
from avdlab.render.model import Rendered, RenderedDevice

FALLBACK_NETWORK = "172.31.255.0/24"

Config = dict[str, Any]
Change = tuple[str, str]  # what, why
Adaptation = Callable[[Config], Iterator[Change]]


def overlay(
    rendered: Rendered, user: LabUser, profile: Profile = TWIN, *, enabled: bool = True
) -> LabConfigs:
    """Return the lab's configs. Not `enabled`: the intended ones, whatever follows from that."""
    devices = {name: rendered.devices[name] for name in sorted(rendered.devices)}
    if not enabled:
        return LabConfigs({name: _untouched(device) for name, device in devices.items()})
    plan = ManagementPlan.of({name: d.structured_config for name, d in devices.items()})
    secret = sha512_secret(user)
    lab: dict[str, LabDevice] = {}
    changes: list[OverlayChange] = []
    for name, device in devices.items():
        wanted = profile.management.get(name)
        adaptations: list[Adaptation] = []
        if wanted is not None:
            adaptations.append(partial(readdress, wanted=wanted))
        elif profile.addresses:
            adaptations.append(partial(plan.adapt, name))
        adaptations.append(_eapi)
        if profile.lab_user:
            adaptations.append(partial(_lab_user, user=user, secret=secret))
        if profile.local_logins:
            adaptations.append(_aaa)
        if profile.mtu is not None:
            adaptations.append(partial(limit_mtu, most=profile.mtu))
        lab[name], made = _adapted(device, adaptations, profile)
        changes += made
    return LabConfigs(lab, tuple(changes))


def _untouched(device: RenderedDevice) -> LabDevice:
    return LabDevice(device.name, device.config, device.structured_config)


def _adapted(
    device: RenderedDevice, adaptations: Sequence[Adaptation], profile: Profile
) -> tuple[LabDevice, list[OverlayChange]]:
    config: Config = copy.deepcopy(dict(device.structured_config))
    changes = [
        OverlayChange(device.name, what, why)
        for adapt in adaptations
        for what, why in adapt(config)
    ]
    gone = tuple(left_out(device.config)) if profile.ceos else ()
    if gone:
        without_paths(config)
        changes += overlay_changes(device.name, gone)
    if not changes:
        return _untouched(device), []
    text = render_config(config)
    return LabDevice(device.name, filtered(text) if gone else text, config), changes


def _eapi(config: Config) -> Iterator[Change]:
    """Enable eAPI over HTTPS in the VRF of the management interface. AVD 6 does so when asked."""
    vrf = management_vrf(config)
    api = config.get("management_api_http")
    if api is None:
        config["management_api_http"] = {
            "enable_https": True,
            "enable_vrfs": [{"name": vrf}] if vrf != "default" else [],
        }
        yield f"eAPI over HTTPS enabled in VRF {vrf}", "the design enables no eAPI"
        return
    if api.get("enable_https") is False:
        api["enable_https"] = True
        yield "eAPI over HTTPS enabled", "the design disables HTTPS for eAPI"
    listed = api.setdefault("enable_vrfs", [])
    if vrf != "default" and all(entry.get("name") != vrf for entry in listed):
        listed.append({"name": vrf})
        yield f"eAPI enabled in VRF {vrf}", "the management interface is in that VRF"


def management_vrf(config: Mapping[str, Any]) -> str:
    """Return the VRF of the out-of-band management interface."""
    listed = config.get("management_interfaces") or ()
    chosen = [e for e in listed if e.get("type", "oob") == "oob"] or list(listed)
    return str((chosen[0].get("vrf") if chosen else None) or "default")


def _lab_user(config: Config, user: LabUser, secret: str) -> Iterator[Change]:
    entry = {
        "name": user.name,
        "privilege": 15,
        "role": "network-admin",
        "sha512_password": secret,
    }
    users = config.setdefault("local_users", [])
    kept = [existing for existing in users if existing.get("name") != user.name]
    if entry in users:
        return
    replaced = len(kept) != len(users)
    config["local_users"] = [*kept, entry]
    what = f"user {user.name} {'replaced' if replaced else 'added'}"
    yield what, "avdlab logs in with it"


def _aaa(config: Config) -> Iterator[Change]:
    """Let local users in where the design asks servers only."""
    for section, path in _METHOD_LISTS:
        holder: Any = config.get(section) or {}
        for part in path[:-1]:
            holder = holder.get(part) or {}
        if locks_out(holder.get(path[-1])):
            what = f"{section}.{'.'.join(path)} set to local"
            why = f"'{holder[path[-1]]}' asks servers that the lab does not have"
            holder[path[-1]] = "local"
            yield what, why
    commands = (config.get("aaa_authorization") or {}).get("commands") or {}
    for level in commands.get("privilege") or ():
        if locks_out(level.get("default")):
            why = f"'{level['default']}' asks servers that the lab does not have"
            level["default"] = "local"
            yield f"command authorization of level {level.get('level')} set to local", why


_METHOD_LISTS = (
    ("aaa_authentication", ("login", "default")),
    ("aaa_authentication", ("login", "command_api")),
    ("aaa_authorization", ("exec", "default")),
    ("aaa_authorization", ("commands", "all_default")),
)


@dataclass(frozen=True, slots=True)
class ManagementPlan:
    """The management network of the design, and free addresses for devices without one."""

    network: int
    length: int
    vrf: str
    addresses: Mapping[str, int]  # device without an address -> the one it gets

    @classmethod
    def of(cls, configs: Mapping[str, Mapping[str, Any]]) -> "ManagementPlan":
        """Find the network that most devices are in."""
        known = {name: _address(config) for name, config in configs.items()}
        prefixes = Counter(found.prefix for found in known.values() if found)
        vrfs = Counter(management_vrf(c) for n, c in configs.items() if known[n])
        fallback = parse_interface_address(FALLBACK_NETWORK).prefix
        prefix = prefixes.most_common(1)[0][0] if prefixes else fallback
        taken = {found.address for found in known.values() if found}
        taken |= _gateways(configs)
        # From the end of the network: people number from its beginning.
        last = prefix.network + (1 << (32 - prefix.length)) - 2
        free = (a for a in range(last, prefix.network, -1) if a not in taken)
        missing = {name: next(free, 0) for name in sorted(known) if known[name] is None}
        vrf = vrfs.most_common(1)[0][0] if vrfs else "default"
        return cls(prefix.network, prefix.length, vrf, missing)

    def adapt(self, device: str, config: Config) -> Iterator[Change]:
        """Give the device a management address where it has none."""
        address = self.addresses.get(device)
        if not address:
            return
        text = f"{format_ipv4(address)}/{self.length}"
        listed = config.setdefault("management_interfaces", [])
        entry = next((e for e in listed if e.get("type", "oob") == "oob"), None)
        if entry is None:
            entry = {"name": "Management0", "shutdown": False, "type": "oob"}
            self._join_vrf(config, entry)
            listed.append(entry)
        before = entry.get("ip_address")
        entry["ip_address"] = text
        why = f"the design says {before}" if before else "the design gives it no address"
        yield f"{entry['name']} has the address {text}", why

    def _join_vrf(self, config: Config, entry: Config) -> None:
        if self.vrf == "default":
            return
        entry["vrf"] = self.vrf
        vrfs = config.setdefault("vrfs", [])
        if all(vrf.get("name") != self.vrf for vrf in vrfs):
            vrfs.append({"name": self.vrf})


def _address(config: Mapping[str, Any]) -> Any:  # noqa: ANN401 - InterfaceAddress or None
    for entry in config.get("management_interfaces") or ():
        try:
            return parse_interface_address(str(entry.get("ip_address") or ""))
        except ValueError:
            continue
    return None


def _gateways(configs: Mapping[str, Mapping[str, Any]]) -> set[int]:
    found: set[int] = set()
    for config in configs.values():
        for entry in config.get("management_interfaces") or ():
            if entry.get("gateway"):
                found.add(parse_interface_address(f"{entry['gateway']}/32").address)
    return found
