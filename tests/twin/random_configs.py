"""Configurations that nobody would write: commands that EOS takes, with values of their kinds.

The table of commands (grammar.txt) is walked as it stands; each placeholder gets values that fit
it, and free text gets words that mean something elsewhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from random import Random

from avdlab.twin.config import grammar

_WORDS = (
    *("route-map", "M", "prefix-list", "P", "metric", "5", "always", "level-1", "level-2", "in"),
    *("10.0.0.1", "10.0.0.0/24", "2001:db8::1", "65001", "65001:1", "auto", "none", "all", "out"),
    *("evpn", "vpn-ipv4", "1-3", "0", "99999999999", "match", "direction", "action", "deny", "x"),
    *("Ethernet1", "Loopback0", "Vlan10", "Null0", "vrf", "A", "default", "additive", "delete"),
)
_VALUES = {
    "ip": ("10.0.0.1", "10.255.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.5"),  # noqa: S104
    "n": ("10", "0", "10.0.0.0/24", "65001:1"),
    "netmask": ("255.255.255.0", "255.255.255.255"),
    "prefix": ("10.0.0.0/24", "0.0.0.0/0", "10.255.0.1/32", "10.0.0.1/31"),
    "ip6": ("2001:db8::1", "fe80::1", "::"),
    "prefix6": ("2001:db8::/64", "::/0", "2001:db8::1/128"),
    "mac": ("00:1c:73:00:00:99", "001c.7300.0099"),
    "vlan": ("10", "1", "4094"),
    "vlans": ("10", "10-12", "1,20-21"),
    "vni": ("10010", "50001"),
    "vnis": ("10010", "10010-10012"),
    "asn": ("65001", "65002", "1.1", "4294967295"),
    "asns": ("65001", "65001-65003"),
    "rd": ("65001:1", "10.0.0.1:1", "1:1"),
    "rt": ("65001:1", "10.0.0.1:1", "1:1"),
    "area": ("0", "0.0.0.1", "1"),
    "interface": ("Ethernet1", "Loopback0", "Vlan10", "Vxlan1", "Port-Channel1"),
    "interfaces": ("Ethernet1", "Ethernet1-2", "Loopback0", "Vlan10", "Vxlan1", "Port-Channel1"),
    "esi": ("0000:0000:0001:0002:0003", "auto lacp"),
    "peer": ("10.0.0.1", "10.255.0.1", "PG", "2001:db8::1", "default", "Ethernet1"),
    "vrf": ("A", "default", "B"),
    "name": ("A", "M", "P", "PG", "CORE", "1", "evpn", "ipv4"),
    "v": ("A", "M", "1", "10", "10.0.0.1", "10.0.0.0/24", "Ethernet1", "CORE"),
}


@dataclass(frozen=True)
class Command:
    """One row of the table, with those of the mode that it opens."""

    text: str
    flags: frozenset[str]
    children: tuple["Command", ...] = field(default=(), repr=False)

    @property
    def has_body(self) -> bool:
        return bool(self.flags & {"heredoc", "line"})


@lru_cache(maxsize=1)
def commands() -> tuple[Command, ...]:
    """Return the commands of the global mode."""
    text = resources.files(grammar.__package__).joinpath("grammar.txt").read_text("utf-8")
    rows = [grammar._row(line) for line in text.splitlines() if line.strip() and line[0] != "#"]
    blocks = {row.text[1:]: at for at, row in enumerate(rows) if row.text[0] == ":"}

    def under(at: int, indent: int) -> Iterator[Command]:
        while at < len(rows) and rows[at].indent >= indent:
            row = rows[at]
            at += 1
            if row.indent > indent or row.text[0] == ":":
                continue
            if row.text[0] == "&":
                yield from under(blocks[row.text[1:]] + 1, 3)
            else:
                inner = tuple(under(at, indent + 3)) if "mode" in row.flags else ()
                yield Command(row.text, row.flags, inner)

    return tuple(under(0, 0))


def line(command: Command, random: Random) -> str:
    """Return a line of a command: one of its forms, with values."""
    forms = list(grammar._forms(grammar._TOKEN.findall(command.text)))
    form = [token for token in random.choice(forms) if token != "~"]
    return " ".join(_value(token, random) if token[0] == "<" else token for token in form)


def _value(token: str, random: Random) -> str:
    kind = token[1:-1].removesuffix("*")
    if kind.endswith("..."):
        return " ".join(random.choice(_WORDS) for _ in range(random.randint(1, 4)))
    choice = random.choice(kind.split("|"))
    low, dash, high = choice.partition("-")
    if dash and low.isdigit() and high.isdigit():
        return random.choice((low, high, str(random.randint(int(low), int(high)))))
    return random.choice(_VALUES.get(choice, (choice,)))


def config(random: Random, among: tuple[Command, ...], size: int, *, indent: str = "") -> str:
    """Return a configuration of some commands, and of some in the modes that they open."""
    lines = []
    for command in random.choices(among, k=size):
        lines.append(indent + line(command, random))
        if command.has_body:
            lines += [indent + "text", indent + "EOF"]
        elif command.children:
            inner = random.randint(0, 6)
            lines.append(config(random, command.children, inner, indent=indent + "   "))
    return "\n".join(line for line in lines if line.strip())


ROUTING = (
    *("interface <", "router bgp", "router ospf ", "router isis", "router general", "route-map"),
    *("ip route", "ip prefix-list", "ip community-list", "ip as-path", "ip access-list", "vlan <"),
    *("vrf instance", "ip routing", "mlag configuration", "peer-filter", "spanning-tree"),
    *("ip extcommunity-list", "ipv6 unicast", "ip virtual-router", "mpls", "service routing"),
)


@lru_cache(maxsize=1)
def routing_commands() -> tuple[Command, ...]:
    """Return the commands that decide how a fabric switches and routes."""
    return tuple(found for found in commands() if found.text.startswith(ROUTING))
