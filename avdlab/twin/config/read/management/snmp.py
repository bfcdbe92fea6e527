"""Reader of `snmp-server ...`."""

from dataclasses import dataclass, field

from avdlab.twin.config.read.table import Args, Commands
from avdlab.twin.config.tree import Config, Line


@dataclass(frozen=True, slots=True)
class SnmpHost:
    """`snmp-server host H [vrf V] [traps|informs] version V NAME [udp-port P]`."""

    address: str
    version: str  # v1, v2c, v3
    name: str  # community, or user
    vrf: str = "default"
    kind: str = "trap"  # trap or inform
    port: int = 162
    security: str = ""  # of v3: noauth, auth, priv


@dataclass(frozen=True, slots=True)
class SnmpGroup:
    """A group of one version; views are names, "" where none is given."""

    name: str
    version: str
    security: str = ""
    read: str = ""
    write: str = ""
    notify: str = ""


@dataclass(frozen=True, slots=True)
class SnmpUser:
    name: str
    group: str
    version: str
    auth: str = ""  # MD5, SHA, SHA-256 ...
    privacy: str = ""  # DES, AES, AES-256 ...


@dataclass(slots=True)
class SnmpSettings:
    """What the running-config says of the agent."""

    configured: bool = False
    contact: str = ""
    location: str = ""
    engine_id: str = ""
    vrfs: dict[str, bool] = field(default_factory=lambda: {"default": True})
    sources: dict[str, str] = field(default_factory=dict)  # VRF -> interface
    communities: list[tuple[str, str]] = field(default_factory=list)  # name, access
    hosts: list[SnmpHost] = field(default_factory=list)
    groups: list[SnmpGroup] = field(default_factory=list)
    users: list[SnmpUser] = field(default_factory=list)
    views: list[tuple[str, str, bool]] = field(default_factory=list)  # name, tree, included
    access_lists: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # ip|ipv6


TOP: Commands[SnmpSettings] = Commands("")


def read_snmp(config: Config) -> SnmpSettings:
    """Read the agent's settings; any line but `no ...` starts it, as on EOS."""
    found = SnmpSettings()
    TOP.read(config.children, found)
    return found


@TOP.on("snmp-server contact <text...>")
def _contact(snmp: SnmpSettings, args: Args, _line: Line) -> None:
    snmp.contact, snmp.configured = args["text"], True


@TOP.on("snmp-server location <text...>")
def _location(snmp: SnmpSettings, args: Args, _line: Line) -> None:
    snmp.location, snmp.configured = args["text"], True


@TOP.on("snmp-server engineID local <id>")
def _engine(snmp: SnmpSettings, args: Args, _line: Line) -> None:
    snmp.engine_id, snmp.configured = args["id"], True


@TOP.on(
    "snmp-server vrf <vrf> local-interface|source-interface <interface>",
    "snmp-server local-interface|source-interface <interface>",
)
def _source(snmp: SnmpSettings, args: Args, _line: Line) -> None:
    snmp.sources[args.get("vrf", "default")] = args["interface"]
    snmp.configured = True


@TOP.on("snmp-server vrf <vrf>")
def _vrf(snmp: SnmpSettings, args: Args, _line: Line) -> None:
    snmp.vrfs[args["vrf"]] = snmp.configured = True


@TOP.on("no snmp-server vrf <vrf>")
def _no_vrf(snmp: SnmpSettings, args: Args, _line: Line) -> None:
    snmp.vrfs[args["vrf"]] = False


@TOP.on("snmp-server community <name> [view <view>] ro|rw [<lists...>]")
def _community(snmp: SnmpSettings, args: Args, line: Line) -> None:
    access = "rw" if "rw" in line.words[3:6] else "ro"
    snmp.communities.append((args["name"], access))
    snmp.configured = True


@TOP.on("snmp-server community <name> [<rest...>]")
def _plain_community(snmp: SnmpSettings, args: Args, _line: Line) -> None:
    snmp.communities.append((args["name"], "ro"))
    snmp.configured = True


@TOP.on("snmp-server ipv4|ipv6 access-list <name> [vrf <vrf>]")
def _access_list(snmp: SnmpSettings, args: Args, line: Line) -> None:
    family = "ip" if line.words[1] == "ipv4" else "ipv6"
    entries = snmp.access_lists.setdefault(family, [])
    entries.append((args["name"], args.get("vrf", "default")))
    snmp.configured = True


@TOP.on("snmp-server view <name> <tree> included|excluded")
def _view(snmp: SnmpSettings, args: Args, line: Line) -> None:
    snmp.views.append((args["name"], args["tree"], line.words[-1] == "included"))
    snmp.configured = True


@TOP.on("snmp-server group <name> <version> [<rest...>]")
def _group(snmp: SnmpSettings, args: Args, _line: Line) -> None:
    words = args.get("rest", "").split()
    security = words.pop(0) if words and words[0] in {"auth", "noauth", "priv"} else ""
    options = dict(zip(words[::2], words[1::2], strict=False))
    snmp.groups.append(
        SnmpGroup(
            args["name"],
            args["version"],
            security,
            options.get("read", ""),
            options.get("write", ""),
            options.get("notify", ""),
        )
    )
    snmp.configured = True


@TOP.on("snmp-server user <name> <group> <version> [<rest...>]")
def _user(snmp: SnmpSettings, args: Args, _line: Line) -> None:
    words = args.get("rest", "").split()
    snmp.users.append(
        SnmpUser(
            args["name"],
            args["group"],
            args["version"],
            _algorithm(words, "auth", "SHA"),
            _algorithm(words, "priv", "AES"),
        )
    )
    snmp.configured = True


def _algorithm(words: list[str], keyword: str, family: str) -> str:
    """Spell `sha256` as EOS shows it: `SHA-256`."""
    if keyword not in words[:-1]:
        return ""
    name = words[words.index(keyword) + 1].upper()
    size = name.removeprefix(family)
    return f"{family}-{size}" if name.startswith(family) and size else name


@TOP.on(
    "snmp-server host <address> [vrf <vrf>] [traps|informs] version 1|2c|3 <rest...>",
    "snmp-server host <address> [vrf <vrf>] [traps|informs] <name> [udp-port <port>]",
)
def _host(snmp: SnmpSettings, args: Args, line: Line) -> None:
    words = args.get("rest", args.get("name", "")).split()
    version = "v2c"
    if "version" in line.words:
        version = f"v{line.words[line.words.index('version') + 1]}"
    security = words.pop(0) if version == "v3" and len(words) > 1 else ""
    port = words[words.index("udp-port") + 1] if "udp-port" in words else args.get("port", "162")
    snmp.hosts.append(
        SnmpHost(
            args["address"],
            version,
            words[0],
            args.get("vrf", "default"),
            "inform" if "informs" in line.words else "trap",
            int(port),
            security,
        )
    )
    snmp.configured = True


@TOP.on("snmp-server enable traps [<names...>]", "no snmp-server enable traps [<names...>]")
def _traps(_snmp: SnmpSettings, _args: Args, _line: Line) -> None:
    """Kept; which traps are on changes no answer."""
