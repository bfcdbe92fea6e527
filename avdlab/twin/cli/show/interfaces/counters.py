"""`show interfaces counters ...`: every counter is zero, for the twin forwards no packets."""

from avdlab.net.interfaces import short
from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.layout import columns, right
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.tables.ports import Port, PortKind

COUNTED = (PortKind.ETHERNET, PortKind.PORT_CHANNEL, PortKind.MANAGEMENT, PortKind.SUBINTERFACE)
_PHYSICAL = (PortKind.ETHERNET, PortKind.PORT_CHANNEL, PortKind.MANAGEMENT)

_PACKETS = (
    *("inOctets", "inUcastPkts", "inMulticastPkts", "inBroadcastPkts", "inDiscards"),
    *("inTotalPkts", "outOctets", "outUcastPkts", "outMulticastPkts", "outBroadcastPkts"),
    *("outDiscards", "outTotalPkts", "linkStatusChanges", "totalInErrors", "totalOutErrors"),
)
_IN_ERRORS = (
    "runtFrames giantFrames fcsErrors alignmentErrors symbolErrors rxPause".split()  # noqa: SIM905
)
_OUT_ERRORS = ("collisions", "lateCollisions", "deferredTransmissions", "txPause")
_ERRORS = (
    *("inErrors", "frameTooLongs", "outErrors", "frameTooShorts"),
    *("fcsErrors", "alignmentErrors", "symbolErrors"),
)


def zeroed(view: View, port: Port) -> Json:
    """Return `interfaceCounters` of one interface; its error details if it is a physical port."""
    counters: Json = dict.fromkeys(_PACKETS, 0)
    counters["linkStatusChanges"] = 1 if port.up else 0
    counters["counterRefreshTime"] = view.now
    if port.kind in (PortKind.ETHERNET, PortKind.MANAGEMENT):
        counters["inputErrorsDetail"] = dict.fromkeys(_IN_ERRORS, 0)
        counters["outputErrorsDetail"] = dict.fromkeys(_OUT_ERRORS, 0)
    return counters


def idle_rates() -> Json:
    """Return `interfaceStatistics`."""
    rates = dict.fromkeys(("inBitsRate", "inPktsRate", "outBitsRate", "outPktsRate"), 0.0)
    return {"updateInterval": 300.0, **rates}


def packets(view: View, args: Args) -> Json:
    keys = [key for key in _PACKETS if not key.startswith(("link", "total"))]
    ports = scope.asked_ports(view, args, *_PHYSICAL)
    return {
        "interfaces": {
            port.name: {**dict.fromkeys(keys, 0), "lastUpdateTimestamp": view.now} for port in ports
        }
    }


def errors(view: View, args: Args) -> Json:
    ports = scope.asked_ports(view, args, *_PHYSICAL)
    return {"interfaceErrorCounters": {port.name: dict.fromkeys(_ERRORS, 0) for port in ports}}


def discards(view: View, args: Args) -> Json:
    ports = scope.asked_ports(view, args, *_PHYSICAL)
    return {
        "inDiscardsTotal": 0,
        "outDiscardsTotal": 0,
        "interfaces": {port.name: {"inDiscards": 0, "outDiscards": 0} for port in ports},
    }


def rates(view: View, args: Args) -> Json:
    """Every interface listed here is also listed by `show interfaces status`, as on EOS."""
    ports = scope.asked_ports(view, args, *COUNTED)
    return {"interfaces": {port.name: _rate(view, port) for port in ports}}


def _rate(view: View, port: Port) -> Json:
    return {
        "description": port.description,
        "interval": 300,
        "inBpsRate": 0.0,
        "inPktsRate": 0.0,
        "outBpsRate": 0.0,
        "outPktsRate": 0.0,
        "lastUpdateTimestamp": view.now,
    }


# ------------------------------------------------------------------------------------ text
def packets_text(view: View, args: Args) -> str:
    """Two tables: what came in and what went out."""
    kinds = ("Octets", "UcastPkts", "McastPkts", "BcastPkts")
    return "\n".join(
        _zeroes(view, args, [f"{way}{kind}" for kind in kinds]) for way in ("In", "Out")
    )


def _zeroes(view: View, args: Args, heads: list[str]) -> str:
    widths = (9, *(18 for _ in heads))
    ports = scope.asked_ports(view, args, *_PHYSICAL)
    rows = [heads, *(["0"] * len(heads) for _ in ports)]
    names = ["Port", *(short(port.name) for port in ports)]
    lines = (right(widths, (name, *row)) for name, row in zip(names, rows, strict=True))
    return "\n".join(lines) + "\n"


def errors_text(view: View, args: Args) -> str:
    return _zeroes(view, args, ["FCS", "Align", "Symbol", "Rx", "Runts", "Giants", "Tx"])


def discards_text(view: View, args: Args) -> str:
    return _zeroes(view, args, ["InDiscards", "OutDiscards"])


def rates_text(view: View, args: Args) -> str:
    widths = (10, 16, 5, 10, 6, 10, 10, 6, 10)
    heads = ("Port", "Name", "Intvl", "In Mbps", "%", "In Kpps", "Out Mbps", "%", "Out Kpps")
    lines = [columns(widths, heads)]
    for port in scope.asked_ports(view, args, *COUNTED):
        cells = (short(port.name), port.description[:16], "5:00", "0.0", "0.0%", "0")
        lines.append(columns(widths, (*cells, "0.0", "0.0%", "0")))
    return "\n".join(lines) + "\n"


_NOTE = "every counter is a constant zero; the interfaces are the device's own"
_ASKED = "show interfaces [<interface>] counters"
COMMANDS = (
    show(f"{_ASKED} errors", Level.MIRRORED, json=errors, text=errors_text, note=_NOTE),
    show(f"{_ASKED} discards", Level.MIRRORED, json=discards, text=discards_text, note=_NOTE),
    show(f"{_ASKED} rates", Level.MIRRORED, json=rates, text=rates_text, note=_NOTE),
    show(_ASKED, Level.MIRRORED, json=packets, text=packets_text, note=_NOTE),
)
