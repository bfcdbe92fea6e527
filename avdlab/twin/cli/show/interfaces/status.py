"""`show interfaces status`, `status errdisabled`, `description`."""

from avdlab.net import interfaces
from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.interfaces.counters import COUNTED
from avdlab.twin.cli.show.layout import columns
from avdlab.twin.cli.show.registry import Args, Json, Level, ShowCommand, View, show
from avdlab.twin.config.settings import Switchport, SwitchportMode
from avdlab.twin.tables.ports import InterfaceStatus, Port, PortKind

_TYPES = {
    PortKind.ETHERNET: "EbraTestPhyPort",
    PortKind.SUBINTERFACE: "dot1q-encapsulation",
    PortKind.PORT_CHANNEL: "N/A",
    PortKind.MANAGEMENT: "10/100/1000",
}


def status(view: View, args: Args) -> Json:
    ports = scope.asked_ports(view, args, *COUNTED)
    return {"interfaceStatuses": {port.name: _status(view, port) for port in ports}}


def _status(view: View, port: Port) -> Json:
    return {
        "description": port.description,
        "linkStatus": port.status.value,
        "lineProtocolStatus": port.line.value,
        "bandwidth": port.bandwidth,
        "duplex": "duplexFull",
        "autoNegotiateActive": False,
        "interfaceType": _TYPES.get(port.kind, "N/A"),
        "vlanInformation": vlan_information(view, port),
    }


def vlan_information(view: View, port: Port) -> Json:
    """Return what the column `Vlan` shows: an access VLAN, `trunk`, `routed` or `in PoN`."""
    if port.channel is not None:
        explanation = f"in {interfaces.short(port.channel)}"
        return _mode("dataLink", "dataLink", vlanExplanation=explanation)
    if port.routed or port.kind in (PortKind.MANAGEMENT, PortKind.SUBINTERFACE):
        return _mode("routed", "routed")
    switchport = scope.settings_of(view, port.name).switchport or Switchport()
    if switchport.mode is SwitchportMode.ACCESS or switchport.mode is SwitchportMode.DOT1Q_TUNNEL:
        return _mode("bridged", "bridged", vlanId=switchport.access_vlan)
    return _mode("trunk", "bridged", vlanExplanation="trunk")


def _mode(mode: str, forwarding: str, **more: object) -> Json:
    return {"interfaceMode": mode, "interfaceForwardingModel": forwarding, **more}


def status_text(view: View, args: Args) -> str:
    return _status_table(view, scope.asked_ports(view, args, *COUNTED))


def _status_table(view: View, ports: list[Port]) -> str:
    widths = (10, 24, 12, 8, 6, 6, 15, 5)
    heads = ("Port", "Name", "Status", "Vlan", "Duplex", "Speed", "Type", "Flags")
    rows = [heads, *(_status_row(view, port) for port in ports)]
    lines = [columns(widths, row) for row in rows]
    return "\n".join(lines) + "\n"


def _status_row(view: View, port: Port) -> tuple[str, ...]:
    vlan = vlan_information(view, port)
    shown = str(vlan.get("vlanExplanation") or vlan.get("vlanId") or vlan["interfaceMode"])
    kind = _TYPES.get(port.kind, "N/A")
    name = interfaces.short(port.name)
    speed = speed_words(port.bandwidth)
    return (name, port.description[:24], port.status.value, shown, "full", speed, kind)


def speed_words(bandwidth: int) -> str:
    """Return the speed as the column prints it: `10G`, `100M`, `unconf` for none."""
    if not bandwidth:
        return "unconf"
    if bandwidth >= 10**9:
        return f"{bandwidth / 10**9:g}G"
    return f"{bandwidth // 10**6}M"


def errdisabled(view: View, args: Args) -> Json:
    ports = [port for port in scope.asked_ports(view, args) if port.err_disabled]
    return {
        "interfaceStatuses": {
            port.name: {
                "description": port.description,
                "status": InterfaceStatus.ERRDISABLED.value,
                "causes": list(port.err_disabled),
            }
            for port in ports
        }
    }


def description(view: View, args: Args) -> Json:
    ports = scope.asked_ports(view, args)
    return {
        "interfaceDescriptions": {
            port.name: {
                "description": port.description,
                "interfaceStatus": _short_status(port),
                "lineProtocolStatus": port.line.value,
            }
            for port in ports
        }
    }


def _short_status(port: Port) -> str:
    """This command knows only up, down and adminDown."""
    if port.status is InterfaceStatus.DISABLED:
        return "adminDown"
    return "up" if port.status is InterfaceStatus.CONNECTED else "down"


def description_text(view: View, args: Args) -> str:
    widths = (30, 14, 18, 0)
    lines = [columns(widths, ("Interface", "Status", "Protocol", "Description"))]
    for port in scope.asked_ports(view, args):
        state = _short_status(port).replace("adminDown", "admin down")
        name = interfaces.short(port.name)
        lines.append(columns(widths, (name, state, port.line.value.lower(), port.description)))
    return "\n".join(lines) + "\n"


def _filtered(word: str) -> ShowCommand:
    """Return `show interfaces status connected|notconnect|...`."""

    def chosen(view: View, args: Args) -> list[Port]:
        return [p for p in scope.asked_ports(view, args, *COUNTED) if p.status.value == word]

    def to_json(view: View, args: Args) -> Json:
        return {"interfaceStatuses": {p.name: _status(view, p) for p in chosen(view, args)}}

    def to_text(view: View, args: Args) -> str:
        return _status_table(view, chosen(view, args))

    words = f"show interfaces [<interface>] status {word}"
    return show(words, Level.COMPUTED, json=to_json, text=to_text)


COMMANDS = (
    *(_filtered(word) for word in ("connected", "notconnect", "disabled")),
    show(
        "show interfaces [<interface>] status errdisabled",
        Level.MIRRORED,
        json=errdisabled,
        note="nothing in the twin disables a port: always empty",
    ),
    show(
        "show interfaces [<interface>] status",
        Level.COMPUTED,
        json=status,
        text=status_text,
        note="linkStatus and lineProtocolStatus are computed; duplex is a constant",
    ),
    show(
        "show interfaces [<interface>] description",
        Level.COMPUTED,
        json=description,
        text=description_text,
    ),
)
