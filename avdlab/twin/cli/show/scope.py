"""What a command is asked about: VRFs, interfaces, times of last change."""

import re

from avdlab.net import interfaces
from avdlab.twin.cli.show.registry import Args, ShowError, View
from avdlab.twin.config.settings import InterfaceSettings, VrfSettings
from avdlab.twin.tables.ports import Port, PortKind

_SPAN = re.compile(r"^(?P<head>.*?)(?P<first>\d+)-(?P<last>\d+)$")


def all_vrfs(view: View) -> list[str]:
    """Return the VRFs of the device: `default`, then the others by name."""
    names = {"default"} | set(view.device.settings.vrfs) | set(view.device.ribs)
    return sorted(names, key=lambda name: (name != "default", name))


def asked_vrfs(view: View, args: Args) -> list[str]:
    """Return the VRFs that `[vrf <vrf>]` names. Raises ShowError for one that is not there."""
    wanted = args.get("vrf", "default")
    known = all_vrfs(view)
    if wanted == "all":
        return known
    if wanted not in known:
        raise ShowError(f"IP Routing table for VRF {wanted} does not exist.")
    return [wanted]


def routing_enabled(view: View, vrf: str) -> bool:
    """Tell whether `ip routing [vrf X]` is configured."""
    return view.device.settings.vrfs.get(vrf, VrfSettings(vrf)).routing


def routing_enabled6(view: View, vrf: str) -> bool:
    """Tell whether `ipv6 unicast-routing [vrf X]` is configured."""
    return view.device.settings.vrfs.get(vrf, VrfSettings(vrf)).routing6


def settings_of(view: View, name: str) -> InterfaceSettings:
    """Return the interface's section, or EOS's defaults where there is none."""
    return view.device.settings.interfaces.get(name) or InterfaceSettings(name)


def changed_at(view: View, *key: str) -> float:
    """Return when the thing last changed; since boot if it never did."""
    return view.changed.get(key, view.booted)


def asked_ports(view: View, args: Args, *kinds: PortKind) -> list[Port]:
    """Return the ports that `[<interface>]` names in EOS order, of the given kinds (or all).

    Raises ShowError when a single name is none of the device's interfaces.
    """
    ports = sorted(view.device.ports.values(), key=lambda port: interfaces.sort_key(port.name))
    chosen = [port for port in ports if not kinds or port.kind in kinds]
    text = args.get("interface")
    if text is None:
        return chosen
    wanted = expand(text)
    found = [port for port in chosen if port.name in wanted]
    if not found:
        raise ShowError("Interface does not exist")
    return found


def expand(text: str) -> set[str]:
    """Expand `Ethernet1-3,5` into canonical interface names."""
    names: set[str] = set()
    kind = ""
    for part in text.split(","):
        kind = "".join(re.findall(r"^[A-Za-z-]+", part)) or kind
        whole = part if part[:1].isalpha() else kind + part
        names.update(_span(whole))
    return {interfaces.canonical(name) for name in names if interfaces.is_interface(name)}


def _span(text: str) -> list[str]:
    found = _SPAN.match(text)
    if found is None or not found["head"]:
        return [text]
    numbers = range(int(found["first"]), int(found["last"]) + 1)
    return [f"{found['head']}{number}" for number in numbers]
