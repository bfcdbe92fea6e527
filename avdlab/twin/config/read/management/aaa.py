"""Reader of `aaa ...`, `tacacs-server`, `radius-server` and server groups."""

from dataclasses import dataclass, field

from avdlab.twin.config.read.table import Args, Commands
from avdlab.twin.config.tree import Config, Line


@dataclass(frozen=True, slots=True)
class AaaServer:
    """A TACACS+ or RADIUS server."""

    address: str
    vrf: str = "default"
    port: int = 49


@dataclass(frozen=True, slots=True)
class ServerGroup:
    kind: str  # tacacs+ or radius
    members: tuple[AaaServer, ...] = ()


@dataclass(frozen=True, slots=True)
class Accounting:
    """`aaa accounting X default|console ACTION METHODS`."""

    action: str  # startStop, stopOnly, none
    methods: tuple[str, ...]


@dataclass(slots=True)
class AaaSettings:
    login: dict[str, tuple[str, ...]] = field(default_factory=dict)  # list -> methods
    enable: dict[str, tuple[str, ...]] = field(default_factory=dict)
    dot1x: tuple[str, ...] = ()
    exec: tuple[str, ...] = ()
    commands: dict[str, tuple[str, ...]] = field(default_factory=dict)  # privileges -> methods
    # what is accounted (exec, system, dot1x, commands LEVELS) -> default|console -> how
    accounting: dict[str, dict[str, Accounting]] = field(default_factory=dict)
    tacacs: list[AaaServer] = field(default_factory=list)
    radius: list[AaaServer] = field(default_factory=list)
    groups: dict[str, ServerGroup] = field(default_factory=dict)
    tacacs_sources: dict[str, str] = field(default_factory=dict)  # VRF -> interface
    radius_sources: dict[str, str] = field(default_factory=dict)


TOP: Commands[AaaSettings] = Commands("")
GROUP: Commands[list[AaaServer]] = Commands("aaa group server")


def read_aaa(config: Config) -> AaaSettings:
    """Read the methods and servers."""
    found = AaaSettings()
    TOP.read(config.children, found)
    return found


@TOP.on("aaa authentication login default|console <methods...>")
def _login(aaa: AaaSettings, args: Args, line: Line) -> None:
    aaa.login[line.words[3]] = tuple(_methods(args["methods"]))


@TOP.on("aaa authentication enable default <methods...>")
def _enable(aaa: AaaSettings, args: Args, _line: Line) -> None:
    aaa.enable["default"] = tuple(_methods(args["methods"]))


@TOP.on("aaa authentication dot1x default <methods...>")
def _dot1x(aaa: AaaSettings, args: Args, _line: Line) -> None:
    aaa.dot1x = tuple(_methods(args["methods"]))


@TOP.on("aaa authorization exec default <methods...>")
def _exec(aaa: AaaSettings, args: Args, _line: Line) -> None:
    aaa.exec = tuple(_methods(args["methods"]))


@TOP.on("aaa authorization commands <levels> default <methods...>")
def _commands(aaa: AaaSettings, args: Args, _line: Line) -> None:
    aaa.commands[args["levels"]] = tuple(_methods(args["methods"]))


@TOP.on(
    "aaa accounting exec|system|dot1x default|console <action> [<methods...>]",
    "aaa accounting commands <levels> default|console <action> [<methods...>]",
)
def _accounting(aaa: AaaSettings, args: Args, line: Line) -> None:
    what = f"commands {args['levels']}" if "levels" in args else line.words[2]
    where = "console" if "console" in line.words[3:5] else "default"
    actions = {"start-stop": "startStop", "stop-only": "stopOnly"}
    found = Accounting(
        actions.get(args["action"], args["action"]), tuple(_methods(args.get("methods", "")))
    )
    aaa.accounting.setdefault(what, {})[where] = found


def _methods(text: str) -> list[str]:
    """`group tacacs+ local` is the two methods `group tacacs+` and `local`."""
    words = iter(text.split())
    return [f"group {next(words, '')}".strip() if word == "group" else word for word in words]


def _server(address: str, rest: str, port: int, keyword: str) -> AaaServer:
    words = rest.split()
    options = {word: words[at + 1] for at, word in enumerate(words[:-1])}
    number = options.get(keyword, "")
    return AaaServer(
        address, options.get("vrf", "default"), int(number) if number.isdigit() else port
    )


@TOP.on("tacacs-server host <address> [<rest...>]")
def _tacacs(aaa: AaaSettings, args: Args, _line: Line) -> None:
    aaa.tacacs.append(_server(args["address"], args.get("rest", ""), 49, "port"))


@TOP.on("radius-server host <address> [<rest...>]")
def _radius(aaa: AaaSettings, args: Args, _line: Line) -> None:
    aaa.radius.append(_server(args["address"], args.get("rest", ""), 1812, "auth-port"))


@TOP.on("aaa group server tacacs+|radius <name>", opens=GROUP)
def _group(aaa: AaaSettings, args: Args, line: Line) -> None:
    members: list[AaaServer] = []
    GROUP.read(line.children, members)
    aaa.groups[args["name"]] = ServerGroup(line.words[3], tuple(members))


@GROUP.on("server <address> [<rest...>]")
def _member(members: list[AaaServer], args: Args, _line: Line) -> None:
    members.append(_server(args["address"], args.get("rest", ""), 49, "port"))


@TOP.on("ip tacacs [vrf <vrf>] source-interface <interface>")
def _tacacs_source(aaa: AaaSettings, args: Args, _line: Line) -> None:
    aaa.tacacs_sources[args.get("vrf", "default")] = args["interface"]


@TOP.on("ip radius [vrf <vrf>] source-interface <interface>")
def _radius_source(aaa: AaaSettings, args: Args, _line: Line) -> None:
    aaa.radius_sources[args.get("vrf", "default")] = args["interface"]
