"""`show lldp ...` and `ping`."""

from avdlab.net import interfaces
from avdlab.net.addresses import format_address, format_ipv4, parse_address
from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.layout import ago, columns, eos_mac
from avdlab.twin.cli.show.registry import Args, Json, Level, ShowError, View, show
from avdlab.twin.cli.show.system import VERSION
from avdlab.twin.tables.ping import PingResult
from avdlab.twin.tables.ports import LldpNeighbor, PortKind

_HEADERS = 28  # IPv4 and ICMP: `size 100` carries 72 bytes of data
_HEADERS6 = 48
_DEFAULT_SIZE = 100
_DEFAULT_REPEAT = 5
_ROUND_TRIP = "0.100"  # milliseconds: the twin has no timing


# ------------------------------------------------------------------------------------ LLDP
def _ports(view: View, args: Args) -> list[str]:
    ports = scope.asked_ports(view, args, PortKind.ETHERNET, PortKind.MANAGEMENT)
    return [port.name for port in ports]


def lldp_detail(view: View, args: Args) -> Json:
    """EOS lists every port that LLDP runs on; those without a neighbor with an empty list."""
    return {
        "lldpNeighbors": {
            name: {
                "lldpNeighborInfo": [
                    _neighbor(view, name, neighbor) for neighbor in view.device.lldp.get(name, ())
                ]
            }
            for name in _ports(view, args)
        }
    }


def _neighbor(view: View, port: str, neighbor: LldpNeighbor) -> Json:
    since = scope.changed_at(view, "neighbor", port)
    return {
        "chassisIdType": "macAddress",
        "chassisId": eos_mac(neighbor.chassis_id),
        "systemName": neighbor.system_name,
        "systemDescription": f"Arista Networks EOS version {VERSION}" if neighbor.is_device else "",
        "systemCapabilities": {"bridge": neighbor.is_device, "router": neighbor.is_device},
        "ttl": neighbor.ttl,
        "neighborDiscoveryTime": since,
        "lastChangeTime": since,
        "lastContactTime": view.now,
        "managementAddresses": _management(neighbor),
        "neighborInterfaceInfo": {
            "interfaceIdType": "interfaceName",
            "interfaceId": f'"{neighbor.port_id}"',
            "interfaceId_v2": neighbor.port_id,
            "interfaceDescription": neighbor.port_description,
            "maxFrameSize": 9236,
            "portVlanId": 0,
        },
    }


def _management(neighbor: LldpNeighbor) -> list[Json]:
    if neighbor.management_address is None:
        return []
    address = format_ipv4(neighbor.management_address)
    return [
        {
            "addressType": "ipv4",
            "address": address,
            "interfaceNum": 999999,
            "interfaceNumType": "ifIndex",
            "oidString": "",
        }
    ]


def lldp(view: View, args: Args) -> Json:
    found = _pairs(view, args)
    return {
        "tablesLastChangeTime": _last_change(view),
        "tablesInserts": len(found),
        "tablesDeletes": 0,
        "tablesDrops": 0,
        "tablesAgeOuts": 0,
        "lldpNeighbors": [
            {
                "port": port,
                "neighborDevice": neighbor.system_name,
                "neighborPort": neighbor.port_id,
                "ttl": neighbor.ttl,
            }
            for port, neighbor in found
        ],
    }


def _pairs(view: View, args: Args) -> list[tuple[str, LldpNeighbor]]:
    lldp = view.device.lldp
    return [(name, neighbor) for name in _ports(view, args) for neighbor in lldp.get(name, ())]


def _last_change(view: View) -> float:
    return max(
        (at for key, at in view.changed.items() if key[0] == "neighbor"), default=view.booted
    )


def lldp_text(view: View, args: Args) -> str:
    found = _pairs(view, args)
    widths = (13, 24, 22, 3)
    lines = [
        f"Last table change time   : {ago(view.now - _last_change(view))} ago",
        f"Number of table inserts  : {len(found)}",
        "Number of table deletes  : 0",
        "Number of table drops    : 0",
        "Number of table age-outs : 0",
        "",
        columns(widths, ("Port", "Neighbor Device ID", "Neighbor Port ID", "TTL")),
        columns(widths, ["-" * width for width in widths]),
    ]
    for port, neighbor in found:
        name = interfaces.short(port)
        cells = (name, neighbor.system_name, neighbor.port_id, str(neighbor.ttl))
        lines.append(columns(widths, cells))
    return "\n".join(lines) + "\n"


def lldp_detail_text(view: View, args: Args) -> str:
    """Every port with the neighbors that it heard."""
    blocks = []
    for port in _ports(view, args):
        found = view.device.lldp.get(port, ())
        plural = "" if len(found) == 1 else "s"
        lines = [f"Interface {port} detected {len(found)} LLDP neighbor{plural}:", ""]
        for neighbor in found:
            lines += [*_neighbor_lines(view, port, neighbor), ""]
        blocks.append("\n".join(lines))
    return "\n".join(blocks) + "\n"


def _neighbor_lines(view: View, port: str, neighbor: LldpNeighbor) -> list[str]:
    facts = _neighbor(view, port, neighbor)
    since = ago(view.now - facts["neighborDiscoveryTime"])
    capabilities = "Bridge, Router" if neighbor.is_device else "Station Only"
    lines = [
        f"  Neighbor {facts['chassisId']}/{neighbor.port_id}, age 0 seconds",
        f"  Discovered {since} ago; Last changed {since} ago",
        "    - Chassis ID type: MAC address (4)",
        f"      Chassis ID     : {facts['chassisId']}",
        "    - Port ID type: Interface name (5)",
        f'      Port ID     : "{neighbor.port_id}"',
        f"    - Time To Live: {neighbor.ttl} seconds",
        f'    - Port Description: "{neighbor.port_description}"',
        f'    - System Name: "{neighbor.system_name}"',
        f'    - System Description: "{facts["systemDescription"]}"',
        f"    - System Capabilities : {capabilities}",
        f"      Enabled Capabilities: {capabilities}",
    ]
    for address in facts["managementAddresses"]:
        lines += [
            "    - Management Address Subtype: IPv4",
            f"      Management Address        : {address['address']}",
            "      Interface Number Subtype  : ifIndex (2)",
            f"      Interface Number          : {address['interfaceNum']}",
            "      OID String                : ",
        ]
    return [*lines, "    - IEEE802.3 Maximum Frame Size: 9236 bytes"]


# ------------------------------------------------------------------------------------ ping
def ping(view: View, args: Args) -> Json:
    return {"messages": [ping_text(view, args)]}


def ping_text(view: View, args: Args) -> str:
    """Return what EOS (Linux iputils) prints."""
    return _pinged(view, args, df=False)


def ping_df(view: View, args: Args) -> Json:
    return {"messages": [ping_df_text(view, args)]}


def ping_df_text(view: View, args: Args) -> str:
    """The same with the don't-fragment bit set."""
    return _pinged(view, args, df=True)


def _pinged(view: View, args: Args, *, df: bool) -> str:
    vrf = args.get("vrf", "default")
    if vrf not in scope.all_vrfs(view):
        raise ShowError(f"VRF '{vrf}' is not active")
    target = args["destination"]
    try:
        destination = parse_address(target)
    except ValueError:
        return f"ping: {target}: Name or service not known\n"
    source = _source(view, args.get("source"), six=":" in target)
    size = int(args.get("size", _DEFAULT_SIZE))
    repeat = int(args.get("repeat", _DEFAULT_REPEAT))
    result = view.ping(vrf, destination, source, size, df, repeat)
    return _printed(target, source, size, result)


def _source(view: View, text: str | None, *, six: bool) -> int | None:
    """Return the source address that an address or an interface name stands for."""
    if text is None:
        return None
    if not interfaces.is_interface(text):
        return parse_address(text)
    settings = scope.settings_of(view, interfaces.canonical(text))
    found = settings.addresses6 if six else filter(None, [settings.address])
    own = next(iter(found), None)
    if own is None:
        raise ShowError(f"No source interface {interfaces.canonical(text)}")
    return own.address


def _printed(target: str, source: int | None, size: int, result: PingResult) -> str:
    if result.unreachable:
        return "ping: connect: Network is unreachable\n"
    origin = f" from {format_address(source)} :" if source is not None else ""
    if ":" in target:
        head, answered = f"PING {target}({target}){origin} {size - _HEADERS6} data bytes", size - 40
    else:
        head = f"PING {target} ({target}){origin} {size - _HEADERS}({size}) bytes of data."
        answered = size - 20
    lines = [
        head,
        *(
            f"{answered} bytes from {target}: icmp_seq={number} ttl=64 time={_ROUND_TRIP} ms"
            for number in range(1, result.received + 1)
        ),
    ]
    loss = 100 * (result.sent - result.received) // max(result.sent, 1)
    lines += [
        "",
        f"--- {target} ping statistics ---",
        f"{result.sent} packets transmitted, {result.received} received, "
        f"{loss}% packet loss, time 0ms",
    ]
    if result.received:
        times = "/".join([_ROUND_TRIP] * 3)
        lines.append(f"rtt min/avg/max/mdev = {times}/0.000 ms")
    return "\n".join(lines) + "\n\n"


# EOS takes the options in any order; these are the orders that clients use.
_PING_ORDERS = (
    (" [source <source>] [size <size>]", ""),
    (" [size <size>]", " source <source>"),
    (" [size <size>]", " interface <source>"),
)

COMMANDS = (
    show(
        "show lldp neighbors [<interface>] detail",
        Level.COMPUTED,
        json=lldp_detail,
        text=lldp_detail_text,
        note="neighbors are computed from cables; timers are constants",
    ),
    show("show lldp neighbors [<interface>]", Level.COMPUTED, json=lldp, text=lldp_text),
    *(
        show(
            f"ping [vrf <vrf>] [ip] [ipv6] <destination> [timeout <timeout>]{order}{df}"
            f" [repeat <repeat>]{after}",
            Level.COMPUTED,
            json=to_json,
            text=to_text,
            note="a walk over the routing tables, both ways; round-trip times are constants",
        )
        for df, to_json, to_text in (
            (" df-bit", ping_df, ping_df_text),
            ("", ping, ping_text),
        )
        for order, after in _PING_ORDERS
    ),
)
