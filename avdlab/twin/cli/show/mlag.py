"""`show mlag`, its details, interfaces and the comparison with the peer's configuration."""

from collections.abc import Mapping

from avdlab.net import interfaces
from avdlab.net.addresses import format_address
from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.layout import columns
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.config.settings import MlagSettings
from avdlab.twin.tables.l2 import Inconsistencies, Mlag, MlagInterface, MlagStatus

PORT_STATES = ("Disabled", "Configured", "Inactive", "Active-partial", "Active-full")


def show_mlag(view: View, _: Args) -> Json:
    mlag = view.device.mlag
    facts: Json = {
        "state": mlag.status.value,
        "mlagPorts": _port_counts(mlag),
        "portsErrdisabled": False,
        "dualPrimaryDetectionState": "disabled",
        "dualPrimaryPortsErrdisabled": False,
        "dualPrimaryMlagRecoveryDelay": 0,
        "dualPrimaryNonMlagRecoveryDelay": 0,
    }
    settings = view.device.settings.mlag
    if mlag.status is MlagStatus.DISABLED or settings is None:
        return facts
    return facts | _enabled(mlag, settings)


def _enabled(mlag: Mlag, settings: MlagSettings) -> Json:
    peer = settings.peer_address
    return {
        "domainId": settings.domain_id or "",
        "localInterface": settings.local_interface or "",
        "peerAddress": format_address(peer) if peer is not None else "",
        "peerLink": settings.peer_link or "",
        "systemId": mlag.system_id,
        "negStatus": mlag.negotiation,
        "peerLinkStatus": mlag.peer_link_status,
        "localIntfStatus": mlag.local_interface_status,
        "configSanity": _sanity_word(mlag),
        "reloadDelay": settings.reload_delay,
        "reloadDelayNonMlag": settings.reload_delay_non_mlag,
        "dualPrimaryDetectionState": _dual_primary(settings),
    }


def _sanity_word(mlag: Mlag) -> str:
    if mlag.status is not MlagStatus.ACTIVE:
        return "unknown"
    inconsistent = mlag.global_inconsistencies or mlag.interface_inconsistencies
    return "inconsistent" if inconsistent else "consistent"


def _dual_primary(settings: MlagSettings) -> str:
    return "configured" if settings.dual_primary_delay else "disabled"


def _port_counts(mlag: Mlag) -> dict[str, int]:
    states = [entry.status.lower() for entry in mlag.interfaces]
    return {name: states.count(name.lower()) for name in PORT_STATES}


def show_mlag_detail(view: View, args: Args) -> Json:
    """Heartbeats and counters are constants; role, addresses and priorities are not."""
    facts = show_mlag(view, args)
    settings = view.device.settings.mlag
    if view.device.mlag.status is MlagStatus.DISABLED or settings is None:
        return facts
    return facts | {"detail": _detail(view, settings)}


def _detail(view: View, settings: MlagSettings) -> Json:
    mlag = view.device.mlag
    active = mlag.status is MlagStatus.ACTIVE
    other = {"primary": "secondary", "secondary": "primary"}.get(mlag.role, "unknown")
    return {
        "mlagState": mlag.role,
        "peerMlagState": other,
        "stateChanges": 1 if active else 0,
        "lastStateChangeTime": scope.changed_at(view, "mlag"),
        "mlagHwReady": True,
        "failover": False,
        "failoverInitiated": False,
        "failoverCauseList": ["Unknown"],
        "secondaryFromFailover": False,
        "peerMacAddress": mlag.peer_mac or "",
        "peerMacRoutingSupported": True,
        "primaryPriority": settings.primary_priority,
        "dualPrimaryDetectionDelay": settings.dual_primary_delay,
        "dualPrimaryAction": "none",
        "heartbeatInterval": 4000,
        "effectiveHeartbeatInterval": 4000,
        "heartbeatTimeout": 60000,
        "lastHeartbeatTimeout": 0,
        "heartbeatTimeoutsSinceReboot": 0,
        "udpHeartbeatAlive": active and settings.heartbeat is not None,
        "agentShouldBeRunning": True,
    }


def show_mlag_interfaces(view: View, _: Args) -> Json:
    return {
        "interfaces": {
            str(entry.number): _interface(view, entry) for entry in view.device.mlag.interfaces
        }
    }


def _interface(view: View, entry: MlagInterface) -> Json:
    facts = {
        "localInterface": entry.local,
        "localInterfaceDescription": scope.settings_of(view, entry.local).description,
        "localInterfaceStatus": _up_or_down(entry.local_up),
        "status": entry.status,
        "peerInterfaceStatus": _up_or_down(entry.peer_up) if entry.peer else "unknown",
    }
    return facts | {"peerInterface": entry.peer} if entry.peer else facts


def _up_or_down(up: bool) -> str:
    return "up" if up else "down"


def config_sanity(view: View, _: Args) -> Json:
    """What differs between the two peers; both parts are empty when nothing does."""
    mlag = view.device.mlag
    facts: Json = {
        "globalConfiguration": {
            feature: {"globalParameters": _both(attributes)}
            for feature, attributes in mlag.global_inconsistencies.items()
        },
        "interfaceConfiguration": {},
        "mlagActive": mlag.status is not MlagStatus.DISABLED,
        "mlagConnected": mlag.status is MlagStatus.ACTIVE,
    }
    for name, features in mlag.interface_inconsistencies.items():
        _add_interface(facts["interfaceConfiguration"], name, features)
    return facts


def _both(attributes: Mapping[str, tuple[str, str]]) -> Json:
    return {
        name: {"localValue": local, "peerValue": peer} for name, (local, peer) in attributes.items()
    }


def _add_interface(found: Json, name: str, features: Inconsistencies) -> None:
    """EOS sorts these by attribute first, then by interface."""
    for attributes in features.values():
        for attribute, values in _both(attributes).items():
            found.setdefault(attribute, {"interface": {}})["interface"][name] = values


# ------------------------------------------------------------------------------------ text
def show_mlag_text(view: View, args: Args) -> str:
    facts = show_mlag(view, args)
    rows = [
        ("domain-id", facts.get("domainId", "")),
        ("local-interface", facts.get("localInterface", "")),
        ("peer-address", facts.get("peerAddress", "0.0.0.0")),  # noqa: S104
        ("peer-link", facts.get("peerLink", "")),
        ("peer-config", facts.get("configSanity", "")),
    ]
    states = [
        ("state", facts["state"].capitalize()),
        ("negotiation status", facts.get("negStatus", "").capitalize()),
        ("peer-link status", facts.get("peerLinkStatus", "").capitalize()),
        ("local-int status", facts.get("localIntfStatus", "").capitalize()),
        ("system-id", facts.get("systemId", "00:00:00:00:00:00")),
        ("dual-primary detection", facts["dualPrimaryDetectionState"].capitalize()),
        ("dual-primary interface errdisabled", str(facts["dualPrimaryPortsErrdisabled"])),
    ]
    ports = [(name, str(count)) for name, count in facts["mlagPorts"].items()]
    blocks = (("MLAG Configuration:", rows), ("MLAG Status:", states), ("MLAG Ports:", ports))
    return "\n".join(line for title, content in blocks for line in _block(title, content))


def show_mlag_detail_text(view: View, args: Args) -> str:
    facts = show_mlag_detail(view, args)
    text = show_mlag_text(view, args)
    detail = facts.get("detail")
    if detail is None:
        return text
    names = (
        ("State", "mlagState"),
        ("Peer State", "peerMlagState"),
        ("State changes", "stateChanges"),
        ("Hardware ready", "mlagHwReady"),
        ("Failover", "failover"),
        ("Secondary from failover", "secondaryFromFailover"),
        ("Peer MAC address", "peerMacAddress"),
        ("Peer MAC routing supported", "peerMacRoutingSupported"),
        ("Primary priority", "primaryPriority"),
        ("Dual-primary detection delay", "dualPrimaryDetectionDelay"),
        ("Dual-primary action", "dualPrimaryAction"),
        ("Heartbeat interval", "heartbeatInterval"),
        ("Heartbeat timeout", "heartbeatTimeout"),
        ("Heartbeat timeouts since reboot", "heartbeatTimeoutsSinceReboot"),
        ("UDP heartbeat alive", "udpHeartbeatAlive"),
    )
    rows = [(label, str(detail[key])) for label, key in names]
    rows += [("Reload delay", f"{facts['reloadDelay']} seconds")]
    rows += [("Non-MLAG reload delay", f"{facts['reloadDelayNonMlag']} seconds")]
    return text + "\n".join(_block("MLAG Detailed Status:", rows))


def _block(title: str, rows: list[tuple[str, str]]) -> list[str]:
    return [title, *(f"{name:<35}: {value:>21}" for name, value in rows), ""]


def interfaces_text(view: View, _: Args) -> str:
    widths = (10, 22, 16, 11, 12, 0)
    heads = ("mlag", "desc", "state", "local", "remote", "local/remote status")
    lines = [columns(widths, heads), columns(widths, ["-" * (w or 19) for w in widths])]
    for entry in view.device.mlag.interfaces:
        facts = _interface(view, entry)
        states = f"{facts['localInterfaceStatus']}/{facts['peerInterfaceStatus']}"
        names = (interfaces.short(entry.local), interfaces.short(entry.peer) if entry.peer else "-")
        desc = facts["localInterfaceDescription"][:22]
        lines.append(columns(widths, (str(entry.number), desc, entry.status, *names, states)))
    return "\n".join(lines) + "\n"


def config_sanity_text(view: View, args: Args) -> str:
    facts = config_sanity(view, args)
    if not facts["mlagActive"]:
        return "MLAG is disabled.\n"
    parts = (("interfaceConfiguration", "per interface"), ("globalConfiguration", "global"))
    return "\n".join(_sanity_lines(facts[part], kind) for part, kind in parts)


def _sanity_lines(found: Json, kind: str) -> str:
    if not found:
        return f"No {kind} configuration inconsistencies found.\n"
    lines = [f"{kind.capitalize()} configuration inconsistencies:"]
    for group, content in found.items():
        for name, both in next(iter(content.values())).items():
            values = f"local {both['localValue']}, peer {both['peerValue']}"
            lines.append(f"    {group} {name}: {values}")
    return "\n".join(lines) + "\n"


_NOTE = "states, roles and counts are computed; delays are configured"
COMMANDS = (
    show("show mlag", Level.COMPUTED, json=show_mlag, text=show_mlag_text, revision=2, note=_NOTE),
    show(
        "show mlag detail",
        Level.COMPUTED,
        json=show_mlag_detail,
        text=show_mlag_detail_text,
        revision=2,
        note="as show mlag; heartbeat counters are constants",
    ),
    show(
        "show mlag interfaces [detail]",
        Level.COMPUTED,
        json=show_mlag_interfaces,
        text=interfaces_text,
    ),
    show("show mlag config-sanity", Level.COMPUTED, json=config_sanity, text=config_sanity_text),
)
