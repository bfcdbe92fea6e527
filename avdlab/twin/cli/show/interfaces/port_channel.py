"""`show port-channel ...` and `show lacp ...`: bundles and why a member is not in one.

EOS also lists the MLAG peer's ports (`PeerEthernet5`); the twin lists its own.
"""

from avdlab.net import interfaces
from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.layout import columns
from avdlab.twin.cli.show.registry import Args, Json, Level, ShowError, View, show
from avdlab.twin.tables.ports import LacpMember, PortChannel

_LACP_STATES = ("activity", "timeout", "aggregation", "synchronization")
_COUNTERS = (
    *("lacpdusRxCount", "lacpdusTxCount", "markersRxCount", "markersTxCount"),
    *("markerResponseRxCount", "markerResponseTxCount", "illegalRxCount"),
)


def channels(view: View, args: Args) -> list[PortChannel]:
    """Return the Port-Channels that `[<number>]` names, in order."""
    names = sorted(view.device.port_channels, key=interfaces.sort_key)
    wanted = args.get("number")
    if wanted is not None:
        asked = {f"Port-Channel{n}" for n in wanted.split(",")} | scope.expand(wanted)
        names = [name for name in names if name in asked]
        if not names:
            raise ShowError(f"Port-Channel {wanted} not found")
    return [view.device.port_channels[name] for name in names]


def show_port_channel(view: View, args: Args) -> Json:
    return {"portChannels": {ch.name: _channel(view, ch) for ch in channels(view, args)}}


def _channel(view: View, channel: PortChannel) -> Json:
    return {
        "activePorts": {name: _active(view, name) for name in channel.active},
        "rxPorts": {},
        "inactivePorts": {
            member.interface: {"reasonUnconfigured": member.reason} for member in channel.inactive
        },
        "recircFeature": [],
        "inactiveLag": False,
        "minLinks": scope.settings_of(view, channel.name).min_links,
        "minSpeed": "0 gbps",
        "currWeight": 0,
        "maxWeight": 16,
    }


def _active(view: View, name: str) -> Json:
    group = scope.settings_of(view, name).channel_group
    protocol = "static" if group is not None and group.mode == "on" else "lacp"
    changed = scope.changed_at(view, "port", name)
    return {"timeBecameActive": changed, "protocol": protocol, "weight": 0}


def show_port_channel_text(view: View, args: Args) -> str:
    return "".join(_block(view, channel) for channel in channels(view, args))


def _block(view: View, channel: PortChannel) -> str:
    lines = [f"Port Channel {channel.name}:"]
    if channel.active:
        lines.append(f"  Active Ports: {' '.join(channel.active)}")
    else:
        lines.append("  No Active Ports")
    if channel.inactive:
        lines.append("  Configured, but inactive ports:")
        lines.append("       Port         Reason unconfigured")
        lines.append("       ------------ ----------------------------------------")
        lines += [f"       {member.interface:<12} {member.reason}" for member in channel.inactive]
    return "\n".join(lines) + "\n"


_LEGEND = """\

                 Flags
-------------------------- ----------------------------- -------------------------
  a - LACP Active            p - LACP Passive           * - static fallback
  F - Fallback enabled       f - Fallback configured    ^ - individual fallback
  U - In Use                 D - Down
  + - In-Sync                - - Out-of-Sync            i - incompatible with agg
  P - bundled in Po          s - suspended              G - Aggregable
  I - Individual             S - ShortTimeout           w - wait for agg
  E - Inactive. The number of configured port channels exceeds the config limit
  M - Exceeds maximum weight

"""


def dense_text(view: View, args: Args) -> str:
    found = channels(view, args)
    used = sum(1 for channel in found if channel.active)
    widths = (18, 12, 0)
    lines = [
        f"Number of channels in use: {used}",
        f"Number of aggregators: {used}",
        "",
        columns(widths, ("   Port-Channel", "Protocol", "Ports")),
        columns(widths, ("-" * 18, "-" * 12, "-" * 16)),
    ]
    lines += [columns(widths, _dense_row(channel)) for channel in found]
    return _LEGEND + "\n".join(lines) + "\n"


def _dense_row(channel: PortChannel) -> tuple[str, str, str]:
    name = f"   {interfaces.short(channel.name)}({'U' if channel.active else 'D'})"
    modes = {member.mode for member in channel.members}
    protocol = "Static" if modes == {"on"} else "LACP(a)" if "active" in modes else "LACP(p)"
    ports = [
        f"{interfaces.short(m.interface)}({'PG+' if m.active else 'G-'})" for m in channel.members
    ]
    return name, protocol, " ".join(ports)


# ------------------------------------------------------------------------------------ LACP
def lacp_counters(view: View, _: Args) -> Json:
    """Counters are zero; the ports and their state are computed."""
    return {
        "portChannels": {
            channel.name: {
                "interfaces": {
                    member.interface: {
                        "actorPortStatus": _port_status(member),
                        **dict.fromkeys(_COUNTERS, 0),
                    }
                    for member in channel.members
                    if member.mode != "on"
                }
            }
            for channel in channels(view, {})
        },
        "orphanPorts": {},
    }


def _port_status(member: LacpMember) -> str:
    return "bundled" if member.active else "noAgg"


def lacp_interface(view: View, args: Args) -> Json:
    wanted = scope.expand(args["interface"]) if "interface" in args else None
    found = {
        channel.name: {
            "interfaces": {
                member.interface: _lacp_member(view, channel, member)
                for member in channel.members
                if member.mode != "on" and (wanted is None or member.interface in wanted)
            }
        }
        for channel in channels(view, {})
    }
    return {
        "portChannels": {name: entry for name, entry in found.items() if entry["interfaces"]},
        "orphanPorts": {},
    }


def _lacp_member(view: View, channel: PortChannel, member: LacpMember) -> Json:
    partner = member.partner_system is not None
    number = interfaces.split(member.interface)[1][-1]
    priority = scope.settings_of(view, member.interface).lacp_port_priority
    return {
        "actorPortStatus": _port_status(member),
        "partnerPortState": _port_state(member.active, partner, member.partner_fast),
        "actorPortState": _port_state(member.active, member.mode == "active", member.fast),
        "partnerSystemId": _system(member.partner_system) if partner else "0000,00-00-00-00-00-00",
        "partnerOperKey": f"0x{member.partner_key or 0:04x}",
        "partnerPortId": member.partner_port or 0,
        "partnerPortPriority": 32768,
        "actorSystemId": _system(channel.actor_system),
        "actorOperKey": f"0x{channel.actor_key:04x}",
        "actorPortId": number,
        "actorPortPriority": priority,
        "details": {
            "aggSelectionState": "selected" if member.active else "unselected",
            "actorChurnState": "noChurn" if member.active else "churnDetected",
            "partnerChurnState": "noChurn" if member.active else "churnDetected",
            "partnerCollectorMaxDelay": 0,
            "actorAdminKey": f"0x{channel.actor_key:04x}",
        },
    }


def _port_state(bundled: bool, activity: bool, fast: bool) -> Json:
    """The LACP state bits; `timeout` false is the long one (IEEE 802.1AX 6.4.2)."""
    bits = dict.fromkeys(_LACP_STATES, bundled) | {"activity": activity, "timeout": fast}
    more = {"collecting": bundled, "distributing": bundled, "defaulted": False, "expired": False}
    return {**bits, "aggregation": True, **more}


def _system(mac: str | None) -> str:
    return f"8000,{(mac or '').replace(':', '-')}"


def lacp_neighbor_text(view: View, _: Args) -> str:
    lines = ["State: A = Active, P = Passive; S=ShortTimeout, L=LongTimeout;"]
    for channel in channels(view, {}):
        lines.append(f"Port Channel {channel.name}:")
        lines += [
            f"  {interfaces.short(m.interface):<8} {_port_status(m):<10} "
            f"{_system(m.partner_system) if m.partner_system else 'no partner'}"
            for m in channel.members
        ]
    return "\n".join(lines) + "\n"


_PO = "show port-channel"
COMMANDS = (
    *(
        show(f"{_PO} [<number>] {form}", Level.COMPUTED, json=show_port_channel, text=dense_text)
        for form in ("dense", "summary")
    ),
    *(
        show(
            f"{_PO} [<number>] {form}",
            Level.COMPUTED,
            json=show_port_channel,
            text=show_port_channel_text,
        )
        for form in ("detailed", "all-ports")
    ),
    show(
        f"{_PO} [<number>]",
        Level.COMPUTED,
        json=show_port_channel,
        text=show_port_channel_text,
    ),
    show(
        "show lacp counters all-ports",
        Level.MIRRORED,
        json=lacp_counters,
        note="the members are computed, their counters are zero",
    ),
    show("show lacp interface detailed", Level.COMPUTED, json=lacp_interface),
    show("show lacp interface [<interface>] [detailed]", Level.COMPUTED, json=lacp_interface),
    *(
        show(f"show lacp {word}", Level.COMPUTED, json=lacp_interface, text=lacp_neighbor_text)
        for word in ("neighbor", "peer")
    ),
)
