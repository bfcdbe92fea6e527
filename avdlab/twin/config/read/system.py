"""Reader of host-wide settings: name, users, eAPI, NTP, LLDP, interface defaults."""

from dataclasses import dataclass, field, replace

from avdlab.twin.config.read.table import Args, Commands
from avdlab.twin.config.settings import EapiSettings, SystemSettings, UserSettings
from avdlab.twin.config.tree import Config, Line


@dataclass(slots=True)
class _System:
    settings: SystemSettings = field(default_factory=SystemSettings)
    users: dict[str, UserSettings] = field(default_factory=dict)
    ntp: list[str] = field(default_factory=list)
    eapi: "_Eapi | None" = None

    def change(self, **changes: object) -> None:
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]  # by keyword


@dataclass(slots=True)
class _Eapi:
    shutdown: bool = True
    http: bool = False
    https: bool = True
    ssl_profile: str | None = None
    vrfs: dict[str, bool] = field(default_factory=dict)


TOP: Commands[_System] = Commands("")
EAPI: Commands[_Eapi] = Commands("management api http-commands")
EAPI_VRF: Commands[list[bool]] = Commands("vrf")


def read_system(config: Config) -> SystemSettings:
    """Read the host-wide settings."""
    builder = _System()
    TOP.read(config.children, builder)
    return replace(
        builder.settings,
        users=builder.users,
        ntp_servers=tuple(builder.ntp),
        eapi=_eapi(builder.eapi),
    )


def _eapi(found: _Eapi | None) -> EapiSettings:
    if found is None:
        return EapiSettings()
    return EapiSettings(found.shutdown, found.http, found.https, found.vrfs, found.ssl_profile)


@TOP.on("hostname <name>")
def _hostname(system: _System, args: Args, _line: Line) -> None:
    system.change(hostname=args["name"])


@TOP.on("dns domain <name>", "ip domain-name <name>")
def _domain(system: _System, args: Args, _line: Line) -> None:
    system.change(domain=args["name"])


@TOP.on("service routing protocols model <model>")
def _model(system: _System, args: Args, _line: Line) -> None:
    system.change(routing_model=args["model"])


@TOP.on("no lldp run")
def _no_lldp(system: _System, _args: Args, _line: Line) -> None:
    system.change(lldp_enabled=False)


@TOP.on("lldp run")
def _lldp(system: _System, _args: Args, _line: Line) -> None:
    system.change(lldp_enabled=True)


@TOP.on("ntp server [vrf <vrf>] <server> [<options...>]")
def _ntp(system: _System, args: Args, _line: Line) -> None:
    system.ntp.append(args["server"])


@TOP.on("enable secret|password <secret...>")
def _enable(system: _System, args: Args, _line: Line) -> None:
    system.change(enable_secret=_secret(args["secret"].split()))


@TOP.on("username <name> <rest...>")
def _username(system: _System, args: Args, _line: Line) -> None:
    name = args["name"]
    words = args["rest"].split()
    user = system.users.get(name, UserSettings(name))
    system.users[name] = _user(user, words)


def _user(user: UserSettings, words: list[str]) -> UserSettings:
    """Words in any order: `privilege 15 role network-admin secret sha512 $6$...`."""
    index = 0
    while index < len(words):
        word, after = words[index], words[index + 1 :]
        if word == "privilege" and after:
            user = replace(user, privilege=int(after[0]))
        elif word == "role" and after:
            user = replace(user, role=after[0])
        elif word == "nopassword":
            user = replace(user, secret=None)
        elif word in {"secret", "password"}:
            return replace(user, secret=_secret(after))
        index += 1 if word == "nopassword" else 2
    return user


def _secret(words: list[str]) -> tuple[str, str]:
    """`sha512 HASH`, `5 HASH`, `0 TEXT`, or the text itself."""
    kinds = {"sha512", "5", "0", "7", "8a", "*"}
    if len(words) > 1 and words[0] in kinds:
        return words[0], " ".join(words[1:])
    return "0", " ".join(words)


# ---------------------------------------------------------------------------------- eAPI
@TOP.on("management api http-commands", opens=EAPI)
def _management_api(system: _System, _args: Args, line: Line) -> None:
    system.eapi = system.eapi or _Eapi()
    EAPI.read(line.children, system.eapi)


@EAPI.on("shutdown")
def _shutdown(eapi: _Eapi, _args: Args, _line: Line) -> None:
    eapi.shutdown = True


@EAPI.on("no shutdown")
def _no_shutdown(eapi: _Eapi, _args: Args, _line: Line) -> None:
    eapi.shutdown = False


@EAPI.on("protocol http [port <port>]")
def _http(eapi: _Eapi, _args: Args, _line: Line) -> None:
    eapi.http = True


@EAPI.on("no protocol http")
def _no_http(eapi: _Eapi, _args: Args, _line: Line) -> None:
    eapi.http = False


@EAPI.on("protocol https ssl profile <profile>")
def _ssl_profile(eapi: _Eapi, args: Args, _line: Line) -> None:
    eapi.ssl_profile = args["profile"]


@EAPI.on("protocol https [port <port>]")
def _https(eapi: _Eapi, _args: Args, _line: Line) -> None:
    eapi.https = True


@EAPI.on("no protocol https")
def _no_https(eapi: _Eapi, _args: Args, _line: Line) -> None:
    eapi.https = False


@EAPI.on("vrf <name>", opens=EAPI_VRF)
def _vrf(eapi: _Eapi, args: Args, line: Line) -> None:
    enabled = [False]
    EAPI_VRF.read(line.children, enabled)
    eapi.vrfs[args["name"]] = enabled[-1]


@EAPI_VRF.on("no shutdown")
def _vrf_no_shutdown(enabled: list[bool], _args: Args, _line: Line) -> None:
    enabled.append(True)


@EAPI_VRF.on("shutdown")
def _vrf_shutdown(enabled: list[bool], _args: Args, _line: Line) -> None:
    enabled.append(False)
