"""Reader of who may come in and how: SSH, telnet, console, access lists of services, banners."""

from dataclasses import dataclass, field

from avdlab.twin.config.read.table import Args, Commands
from avdlab.twin.config.tree import Config, Line

# service -> ip|ipv6 -> (access list, VRF)
ServiceLists = dict[str, dict[str, list[tuple[str, str]]]]


@dataclass(slots=True)
class SshSettings:
    enabled: bool = True
    vrfs: dict[str, bool] = field(default_factory=dict)
    idle_timeout: int = 0  # minutes
    fips: bool = False
    port: int = 22
    connection_limit: int = 50
    per_host: int = 20


@dataclass(slots=True)
class AccessSettings:
    ssh: SshSettings = field(default_factory=SshSettings)
    telnet: bool = False
    console_timeout: int = 0  # minutes
    banners: dict[str, str] = field(default_factory=dict)  # login, motd -> text
    lists: ServiceLists = field(default_factory=dict)
    hardware_entropy: bool = False
    ssl_profiles: list[str] = field(default_factory=list)


TOP: Commands[AccessSettings] = Commands("")
SSH: Commands[AccessSettings] = Commands("management ssh")
SSH_VRF: Commands[list[bool]] = Commands("vrf")
TELNET: Commands[AccessSettings] = Commands("management telnet")
CONSOLE: Commands[AccessSettings] = Commands("management console")
SECURITY: Commands[AccessSettings] = Commands("management security")
HTTP: Commands[AccessSettings] = Commands("management api http-commands")
HTTP_VRF: Commands[list[tuple[str, str]]] = Commands("vrf")


def read_access(config: Config) -> AccessSettings:
    """Read how the device may be reached."""
    found = AccessSettings()
    TOP.read(config.children, found)
    return found


@TOP.on("banner <kind>")
def _banner(access: AccessSettings, args: Args, line: Line) -> None:
    access.banners[args["kind"]] = line.body or ""


# ---------------------------------------------------------------------------------- SSH
@TOP.on("management ssh", opens=SSH)
def _ssh(access: AccessSettings, _args: Args, line: Line) -> None:
    SSH.read(line.children, access)


@SSH.on("shutdown")
def _ssh_down(access: AccessSettings, _args: Args, _line: Line) -> None:
    access.ssh.enabled = False


@SSH.on("no shutdown")
def _ssh_up(access: AccessSettings, _args: Args, _line: Line) -> None:
    access.ssh.enabled = True


@SSH.on("idle-timeout <minutes>")
def _ssh_timeout(access: AccessSettings, args: Args, _line: Line) -> None:
    access.ssh.idle_timeout = int(args["minutes"])


@SSH.on("fips restrictions")
def _fips(access: AccessSettings, _args: Args, _line: Line) -> None:
    access.ssh.fips = True


@SSH.on("connection limit <number>")
def _limit(access: AccessSettings, args: Args, _line: Line) -> None:
    access.ssh.connection_limit = int(args["number"])


@SSH.on("connection per-host <number>")
def _per_host(access: AccessSettings, args: Args, _line: Line) -> None:
    access.ssh.per_host = int(args["number"])


@SSH.on("ip|ipv6 access-group <name> [vrf <vrf>] in")
def _ssh_list(access: AccessSettings, args: Args, line: Line) -> None:
    _listed(access, "ssh", line.words[0], args["name"], args.get("vrf", "default"))


@SSH.on("vrf <vrf>", opens=SSH_VRF)
def _ssh_vrf(access: AccessSettings, args: Args, line: Line) -> None:
    enabled = [access.ssh.enabled]
    SSH_VRF.read(line.children, enabled)
    access.ssh.vrfs[args["vrf"]] = enabled[-1]


@SSH_VRF.on("no shutdown")
def _vrf_up(enabled: list[bool], _args: Args, _line: Line) -> None:
    enabled.append(True)


@SSH_VRF.on("shutdown")
def _vrf_down(enabled: list[bool], _args: Args, _line: Line) -> None:
    enabled.append(False)


def _listed(access: AccessSettings, service: str, family: str, name: str, vrf: str) -> None:
    access.lists.setdefault(service, {}).setdefault(family, []).append((name, vrf))


# ---------------------------------------------------------------------------------- the others
@TOP.on("management telnet", opens=TELNET)
def _telnet(access: AccessSettings, _args: Args, line: Line) -> None:
    TELNET.read(line.children, access)


@TELNET.on("no shutdown")
def _telnet_up(access: AccessSettings, _args: Args, _line: Line) -> None:
    access.telnet = True


@TELNET.on("shutdown")
def _telnet_down(access: AccessSettings, _args: Args, _line: Line) -> None:
    access.telnet = False


@TOP.on("management console", opens=CONSOLE)
def _console(access: AccessSettings, _args: Args, line: Line) -> None:
    CONSOLE.read(line.children, access)


@CONSOLE.on("idle-timeout <minutes>")
def _console_timeout(access: AccessSettings, args: Args, _line: Line) -> None:
    access.console_timeout = int(args["minutes"])


@TOP.on("management security", opens=SECURITY)
def _security(access: AccessSettings, _args: Args, line: Line) -> None:
    SECURITY.read(line.children, access)


@SECURITY.on("entropy source <sources...>")
def _entropy(access: AccessSettings, args: Args, _line: Line) -> None:
    access.hardware_entropy = "hardware" in args["sources"].split()


@SECURITY.on("ssl profile <name>")
def _ssl(access: AccessSettings, args: Args, _line: Line) -> None:
    access.ssl_profiles.append(args["name"])


@TOP.on("management api http-commands", opens=HTTP)
def _http(access: AccessSettings, _args: Args, line: Line) -> None:
    HTTP.read(line.children, access)


@HTTP.on("vrf <vrf>", opens=HTTP_VRF)
def _http_vrf(access: AccessSettings, args: Args, line: Line) -> None:
    lists: list[tuple[str, str]] = []
    HTTP_VRF.read(line.children, lists)
    for family, name in lists:
        _listed(access, "http-commands", family, name, args["vrf"])


@HTTP_VRF.on("ip|ipv6 access-group <name> [in]")
def _http_list(lists: list[tuple[str, str]], args: Args, line: Line) -> None:
    lists.append((line.words[0], args["name"]))
