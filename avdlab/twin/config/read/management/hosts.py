"""Reader of the services that a device asks: name servers, CloudVision exchange."""

from dataclasses import dataclass, field

from avdlab.twin.config.read.table import Args, Commands
from avdlab.twin.config.tree import Config, Line


@dataclass(frozen=True, slots=True)
class NameServer:
    address: str
    vrf: str = "default"
    priority: int = 0


@dataclass(slots=True)
class HostServices:
    name_servers: list[NameServer] = field(default_factory=list)
    domains: list[str] = field(default_factory=list)
    cvx_server: bool = False  # `cvx` with `no shutdown`
    cvx_client: bool | None = None  # `management cvx`: None where it is not configured
    cvx_hosts: list[str] = field(default_factory=list)


TOP: Commands[HostServices] = Commands("")
CVX: Commands[HostServices] = Commands("cvx")
CVX_CLIENT: Commands[HostServices] = Commands("management cvx")


def read_hosts(config: Config) -> HostServices:
    """Read the servers that the device asks."""
    found = HostServices()
    TOP.read(config.children, found)
    return found


@TOP.on("ip name-server [vrf <vrf>] <rest...>")
def _name_server(hosts: HostServices, args: Args, _line: Line) -> None:
    words = args["rest"].split()
    priority = int(words[words.index("priority") + 1]) if "priority" in words[:-1] else 0
    addresses = words[: words.index("priority")] if "priority" in words else words
    vrf = args.get("vrf", "default")
    hosts.name_servers += [NameServer(address, vrf, priority) for address in addresses]


@TOP.on("ip domain-list <domain>")
def _domain(hosts: HostServices, args: Args, _line: Line) -> None:
    hosts.domains.append(args["domain"])


@TOP.on("cvx", opens=CVX)
def _cvx(hosts: HostServices, _args: Args, line: Line) -> None:
    CVX.read(line.children, hosts)


@CVX.on("no shutdown")
def _cvx_up(hosts: HostServices, _args: Args, _line: Line) -> None:
    hosts.cvx_server = True


@TOP.on("management cvx", opens=CVX_CLIENT)
def _client(hosts: HostServices, _args: Args, line: Line) -> None:
    hosts.cvx_client = hosts.cvx_client or False
    CVX_CLIENT.read(line.children, hosts)


@CVX_CLIENT.on("no shutdown")
def _client_up(hosts: HostServices, _args: Args, _line: Line) -> None:
    hosts.cvx_client = True


@CVX_CLIENT.on("server host <address>")
def _client_host(hosts: HostServices, args: Args, _line: Line) -> None:
    hosts.cvx_hosts.append(args["address"])
