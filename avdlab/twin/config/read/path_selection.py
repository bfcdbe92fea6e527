"""Reader of WAN routers: `router path-selection`, virtual topologies, `ip security`, `stun`."""

from dataclasses import dataclass, field

from avdlab.net import interfaces as names
from avdlab.net.addresses import parse_ipv4
from avdlab.twin.config.read.table import Args, Commands
from avdlab.twin.config.settings_wan import (
    IpsecProfile,
    PathGroup,
    PathSelection,
    StaticDpsPeer,
    Topologies,
    WanSettings,
)
from avdlab.twin.config.tree import Config, Line


@dataclass(slots=True)
class _Peer:
    name: str = ""
    addresses: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Group:
    ipsec_profile: str | None = None
    local: dict[str, tuple[str, ...]] = field(default_factory=dict)
    peers: list[StaticDpsPeer] = field(default_factory=list)
    dynamic: bool = False


@dataclass(slots=True)
class _Profile:
    """A `profile` of `ip security`: the policies that it names."""

    ike: str | None = None
    sa: str | None = None
    secret: tuple[str, str] | None = None
    mode: str = ""


@dataclass(slots=True)
class _Wan:
    configured: bool = False
    groups: dict[str, PathGroup] = field(default_factory=dict)
    policies: dict[str, list[str]] = field(default_factory=dict)
    dynamic_by_stun: bool = False
    ike: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sa: dict[str, tuple[str, ...]] = field(default_factory=dict)
    profiles: dict[str, _Profile] = field(default_factory=dict)
    role: str = ""
    avt_profiles: dict[str, str] = field(default_factory=dict)
    vrfs: dict[str, dict[str, int]] = field(default_factory=dict)
    stun_servers: set[str] = field(default_factory=set)
    stun_profiles: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Local:
    stun: tuple[str, ...] = ()


TOP: Commands[_Wan] = Commands("")
PATHS: Commands[_Wan] = Commands("router path-selection")
GROUP: Commands[_Group] = Commands("path-group")
LOCAL: Commands[_Local] = Commands("local interface")
PEER: Commands[_Peer] = Commands("peer static")
POLICY: Commands[list[str]] = Commands("load-balance policy")
SECURITY: Commands[_Wan] = Commands("ip security")
PROFILE: Commands[_Profile] = Commands("profile")
TOPOLOGIES: Commands[_Wan] = Commands("router adaptive-virtual-topology")
AVT_PROFILE: Commands[tuple[_Wan, str]] = Commands("profile")
AVT_VRF: Commands[dict[str, int]] = Commands("vrf")
STUN: Commands[_Wan] = Commands("stun")
STUN_SERVER: Commands[_Wan] = Commands("server")
STUN_CLIENT: Commands[_Wan] = Commands("client")
STUN_PROFILE: Commands[tuple[_Wan, str]] = Commands("server-profile")


def read_wan(config: Config) -> WanSettings | None:
    """Return what makes a device a WAN router, None where nothing does."""
    found = _Wan()
    TOP.read(config.children, found)
    if not found.configured:
        return None
    return WanSettings(
        PathSelection(
            found.groups,
            {name: tuple(groups) for name, groups in found.policies.items()},
            found.dynamic_by_stun,
        ),
        {name: _ipsec(name, profile, found) for name, profile in found.profiles.items()},
        Topologies(found.role, found.avt_profiles, found.vrfs),
        frozenset(found.stun_servers),
        found.stun_profiles,
    )


def _ipsec(name: str, profile: _Profile, wan: _Wan) -> IpsecProfile:
    return IpsecProfile(
        name,
        profile.secret,
        wan.ike.get(profile.ike or "", ()),
        wan.sa.get(profile.sa or "", ()),
        profile.mode,
    )


# ---------------------------------------------------------------------------------- path selection
@TOP.on("router path-selection", opens=PATHS)
def _paths(wan: _Wan, _args: Args, line: Line) -> None:
    wan.configured = True
    PATHS.read(line.children, wan)


@PATHS.on("peer dynamic source stun")
def _by_stun(wan: _Wan, _args: Args, _line: Line) -> None:
    wan.dynamic_by_stun = True


@PATHS.on("path-group <name> [id <number>]", opens=GROUP)
def _group(wan: _Wan, args: Args, line: Line) -> None:
    group = _Group()
    GROUP.read(line.children, group)
    wan.groups[args["name"]] = PathGroup(
        args["name"],
        int(args.get("number", 0)),
        group.ipsec_profile,
        group.local,
        tuple(group.peers),
        group.dynamic,
    )


@GROUP.on("ipsec profile <name>")
def _group_profile(group: _Group, args: Args, _line: Line) -> None:
    group.ipsec_profile = args["name"]


@GROUP.on("local interface <name>", opens=LOCAL)
def _local(group: _Group, args: Args, line: Line) -> None:
    if names.is_interface(args["name"]):
        local = _Local()
        LOCAL.read(line.children, local)
        group.local[names.canonical(args["name"])] = local.stun


@LOCAL.on("stun server-profile <profiles...>")
def _local_stun(local: _Local, args: Args, _line: Line) -> None:
    local.stun = tuple(args["profiles"].split())


@GROUP.on("peer dynamic")
def _dynamic(group: _Group, _args: Args, _line: Line) -> None:
    group.dynamic = True


@GROUP.on("peer static router-ip <address>", opens=PEER)
def _static_peer(group: _Group, args: Args, line: Line) -> None:
    peer = _Peer()
    PEER.read(line.children, peer)
    router = parse_ipv4(args["address"])
    group.peers.append(StaticDpsPeer(router, peer.name, tuple(peer.addresses)))


@PEER.on("name <name...>")
def _peer_name(peer: _Peer, args: Args, _line: Line) -> None:
    peer.name = args["name"]


@PEER.on("ipv4 address <address>")
def _peer_address(peer: _Peer, args: Args, _line: Line) -> None:
    peer.addresses.append(parse_ipv4(args["address"]))


@PATHS.on("load-balance policy <name>", opens=POLICY)
def _policy(wan: _Wan, args: Args, line: Line) -> None:
    POLICY.read(line.children, wan.policies.setdefault(args["name"], []))


@POLICY.on("path-group <name> [priority <number>]")
def _policy_group(groups: list[str], args: Args, _line: Line) -> None:
    groups.append(args["name"])


# ---------------------------------------------------------------------------------- IPsec
@TOP.on("ip security", opens=SECURITY)
def _security(wan: _Wan, _args: Args, line: Line) -> None:
    SECURITY.read(line.children, wan)


@SECURITY.on("ike policy <name>")
def _ike(wan: _Wan, args: Args, line: Line) -> None:
    wan.ike[args["name"]] = _lines(line, but="local-id")


@SECURITY.on("sa policy <name>")
def _sa(wan: _Wan, args: Args, line: Line) -> None:
    wan.sa[args["name"]] = _lines(line)


def _lines(line: Line, but: str = "\0") -> tuple[str, ...]:
    return tuple(sorted(child.text for child in line.children if not child.text.startswith(but)))


@SECURITY.on("profile <name>", opens=PROFILE)
def _profile(wan: _Wan, args: Args, line: Line) -> None:
    PROFILE.read(line.children, wan.profiles.setdefault(args["name"], _Profile()))


@PROFILE.on("ike-policy <name>")
def _profile_ike(profile: _Profile, args: Args, _line: Line) -> None:
    profile.ike = args["name"]


@PROFILE.on("sa-policy <name>")
def _profile_sa(profile: _Profile, args: Args, _line: Line) -> None:
    profile.sa = args["name"]


@PROFILE.on("shared-key <secret...>")
def _profile_secret(profile: _Profile, args: Args, _line: Line) -> None:
    kind, _, value = args["secret"].partition(" ")
    profile.secret = (kind, value) if value else ("0", kind)


@PROFILE.on("mode <mode>")
def _profile_mode(profile: _Profile, args: Args, _line: Line) -> None:
    profile.mode = args["mode"]


# ---------------------------------------------------------------------------------- topologies
@TOP.on("router adaptive-virtual-topology", opens=TOPOLOGIES)
def _topologies(wan: _Wan, _args: Args, line: Line) -> None:
    wan.configured = True
    TOPOLOGIES.read(line.children, wan)


@TOPOLOGIES.on("topology role <role...>")
def _role(wan: _Wan, args: Args, _line: Line) -> None:
    wan.role = args["role"]


@TOPOLOGIES.on("profile <name>", opens=AVT_PROFILE)
def _avt_profile(wan: _Wan, args: Args, line: Line) -> None:
    AVT_PROFILE.read(line.children, (wan, args["name"]))


@AVT_PROFILE.on("path-selection load-balance <policy>")
def _avt_policy(found: tuple[_Wan, str], args: Args, _line: Line) -> None:
    wan, profile = found
    wan.avt_profiles[profile] = args["policy"]


@TOPOLOGIES.on("vrf <name>", opens=AVT_VRF)
def _avt_vrf(wan: _Wan, args: Args, line: Line) -> None:
    AVT_VRF.read(line.children, wan.vrfs.setdefault(args["name"], {}))


@AVT_VRF.on("avt profile <name> id <number>")
def _avt_id(profiles: dict[str, int], args: Args, _line: Line) -> None:
    profiles[args["name"]] = int(args["number"])


# ---------------------------------------------------------------------------------- STUN
@TOP.on("stun", opens=STUN)
def _stun(wan: _Wan, _args: Args, line: Line) -> None:
    STUN.read(line.children, wan)


@STUN.on("server", opens=STUN_SERVER)
def _stun_server(wan: _Wan, _args: Args, line: Line) -> None:
    STUN_SERVER.read(line.children, wan)


@STUN_SERVER.on("local-interface <name>")
def _stun_local(wan: _Wan, args: Args, _line: Line) -> None:
    if names.is_interface(args["name"]):
        wan.stun_servers.add(names.canonical(args["name"]))


@STUN.on("client", opens=STUN_CLIENT)
def _stun_client(wan: _Wan, _args: Args, line: Line) -> None:
    STUN_CLIENT.read(line.children, wan)


@STUN_CLIENT.on("server-profile <name>", opens=STUN_PROFILE)
def _stun_profile(wan: _Wan, args: Args, line: Line) -> None:
    STUN_PROFILE.read(line.children, (wan, args["name"]))


@STUN_PROFILE.on("ip address <address>")
def _stun_address(found: tuple[_Wan, str], args: Args, _line: Line) -> None:
    wan, profile = found
    wan.stun_profiles[profile] = parse_ipv4(args["address"])
