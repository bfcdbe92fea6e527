"""Reader of WAN features that are echoed only: flow trackers, STUN."""

from dataclasses import dataclass, field

from avdlab.twin.config.read.table import Args, Commands
from avdlab.twin.config.tree import Config, Line


@dataclass(slots=True)
class Exporter:
    local_interface: str = ""
    template_interval: int = 3600000  # milliseconds, as the two of the tracker
    collectors: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Tracker:
    inactive_timeout: int = 15000
    interval: int = 300000
    exporters: dict[str, Exporter] = field(default_factory=dict)


@dataclass(slots=True)
class FlowTracking:
    """`flow tracking hardware|sampled|mirror-on-drop`."""

    running: bool = False
    trackers: dict[str, Tracker] = field(default_factory=dict)


@dataclass(slots=True)
class WanSettings:
    flows: dict[str, FlowTracking] = field(default_factory=dict)  # hardware, sampled ...
    stun_server: list[str] = field(default_factory=list)  # local interfaces
    stun_profiles: list[str] = field(default_factory=list)  # of the client


TOP: Commands[WanSettings] = Commands("")
FLOW: Commands[FlowTracking] = Commands("flow tracking")
TRACKER: Commands[Tracker] = Commands("tracker")
EXPORTER: Commands[Exporter] = Commands("exporter")
STUN: Commands[WanSettings] = Commands("stun")
STUN_SERVER: Commands[WanSettings] = Commands("server")
STUN_CLIENT: Commands[WanSettings] = Commands("client")


def read_wan(config: Config) -> WanSettings:
    """Read flow trackers and STUN."""
    found = WanSettings()
    TOP.read(config.children, found)
    return found


@TOP.on("flow tracking hardware|sampled|mirror-on-drop", opens=FLOW)
def _flow(wan: WanSettings, _args: Args, line: Line) -> None:
    FLOW.read(line.children, wan.flows.setdefault(line.words[2], FlowTracking()))


@FLOW.on("no shutdown")
def _running(flow: FlowTracking, _args: Args, _line: Line) -> None:
    flow.running = True


@FLOW.on("tracker <name>", opens=TRACKER)
def _tracker(flow: FlowTracking, args: Args, line: Line) -> None:
    TRACKER.read(line.children, flow.trackers.setdefault(args["name"], Tracker()))


@TRACKER.on("record export on inactive timeout <milliseconds>")
def _timeout(tracker: Tracker, args: Args, _line: Line) -> None:
    tracker.inactive_timeout = int(args["milliseconds"])


@TRACKER.on("record export on interval <milliseconds>")
def _interval(tracker: Tracker, args: Args, _line: Line) -> None:
    tracker.interval = int(args["milliseconds"])


@TRACKER.on("exporter <name>", opens=EXPORTER)
def _exporter(tracker: Tracker, args: Args, line: Line) -> None:
    EXPORTER.read(line.children, tracker.exporters.setdefault(args["name"], Exporter()))


@EXPORTER.on("local interface <interface>")
def _local(exporter: Exporter, args: Args, _line: Line) -> None:
    exporter.local_interface = args["interface"]


@EXPORTER.on("template interval <milliseconds>")
def _template(exporter: Exporter, args: Args, _line: Line) -> None:
    exporter.template_interval = int(args["milliseconds"])


@EXPORTER.on("collector <address> [port <port>]")
def _collector(exporter: Exporter, args: Args, _line: Line) -> None:
    exporter.collectors.append(args["address"])


@TOP.on("stun", opens=STUN)
def _stun(wan: WanSettings, _args: Args, line: Line) -> None:
    STUN.read(line.children, wan)


@STUN.on("server", opens=STUN_SERVER)
def _server(wan: WanSettings, _args: Args, line: Line) -> None:
    STUN_SERVER.read(line.children, wan)


@STUN_SERVER.on("local-interface <interfaces>")
def _server_interface(wan: WanSettings, args: Args, _line: Line) -> None:
    wan.stun_server += args["interfaces"].split(",")


@STUN.on("client", opens=STUN_CLIENT)
def _client(wan: WanSettings, _args: Args, line: Line) -> None:
    STUN_CLIENT.read(line.children, wan)


@STUN_CLIENT.on("server-profile <name>")
def _profile(wan: WanSettings, args: Args, _line: Line) -> None:
    wan.stun_profiles.append(args["name"])
