"""The management network: a Linux bridge on the server's machine, on which this machine has an
address and a cloud node of GNS3 plugs the management ports.

Where avdlab runs as root in the server's own network it makes the bridge, and takes it away with
the last lab on it; elsewhere it says the commands.
"""

import ipaddress
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Network = ipaddress.IPv4Network
GOING_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Interface:
    """A network interface of this machine or of a server."""

    name: str
    mac: str = ""
    addresses: tuple[str, ...] = ()  # A.B.C.D/len


@dataclass(frozen=True, slots=True)
class Management:
    """The management network that a lab needs: its networks, and this machine's address in each."""

    bridge: str
    addresses: Mapping[str, str] = field(default_factory=dict)  # device -> A.B.C.D
    own: tuple[str, ...] = ()  # A.B.C.D/len

    def commands(self, there: Interface | None) -> tuple[str, ...]:
        """Return what makes the bridge, where it is not there or lacks an address."""
        name = self.bridge
        found = [] if there else [f"ip link add name {name} type bridge"]
        held = {text.partition("/")[0] for text in there.addresses} if there else set()
        missing = [text for text in self.own if text.partition("/")[0] not in held]
        found += [f"ip address add {text} dev {name}" for text in missing]
        return (*found, f"ip link set {name} up") if found else ()


def management(
    bridge: str, addresses: Mapping[str, str], seeds: Iterable[str], chosen: str = ""
) -> Management:
    """Return the management network of the devices' addresses (A.B.C.D/len).

    This machine takes `chosen`, or else the gateway that the configurations name (nothing else has
    that address in a lab), or the last free one.
    """
    interfaces = {name: ipaddress.IPv4Interface(text) for name, text in addresses.items() if text}
    networks = sorted({each.network for each in interfaces.values()})
    taken = {each.ip for each in interfaces.values()}
    gateways = _gateways(seeds)
    own: list[str] = []
    for network in networks:
        wanted = [ipaddress.IPv4Address(chosen.partition("/")[0])] if chosen else []
        candidates = [a for a in (*wanted, *gateways) if a in network and a not in taken]
        address = candidates[0] if candidates else _last_free(network, taken)
        if address is not None:
            own.append(f"{address}/{network.prefixlen}")
    return Management(
        bridge, {name: str(each.ip) for name, each in sorted(interfaces.items())}, tuple(own)
    )


_DEFAULT_ROUTE = re.compile(
    r"^ip route (?:vrf \S+ )?0\.0\.0\.0/0 (?:Management\S+ )?(\d+\.\d+\.\d+\.\d+)", re.MULTILINE
)


def _gateways(seeds: Iterable[str]) -> list[ipaddress.IPv4Address]:
    found = {ipaddress.IPv4Address(text) for seed in seeds for text in _DEFAULT_ROUTE.findall(seed)}
    return sorted(found)


def _last_free(network: Network, taken: set[ipaddress.IPv4Address]) -> ipaddress.IPv4Address | None:
    for number in range(int(network.broadcast_address) - 1, int(network.network_address), -1):
        if ipaddress.IPv4Address(number) not in taken:
            return ipaddress.IPv4Address(number)
    return None


# ---------------------------------------------------------------------- this machine
def interfaces_here() -> tuple[Interface, ...]:
    """Return the interfaces of this process's network; () where `ip` is not installed."""
    listed = _json("address", "show")
    return tuple(
        Interface(
            str(entry["ifname"]),
            str(entry.get("address") or ""),
            tuple(
                f"{a['local']}/{a['prefixlen']}"
                for a in entry.get("addr_info") or ()
                if a.get("family") == "inet"
            ),
        )
        for entry in listed
    )


def same_network(server: Sequence[Interface], here: Sequence[Interface]) -> bool:
    """Tell whether a server's interfaces are this machine's: names and MAC addresses agree."""

    def cards(interfaces: Sequence[Interface]) -> set[tuple[str, str]]:
        # the server's list changes with every tap of a lab
        return {
            (i.name, i.mac)
            for i in interfaces
            if i.name != "lo" and not i.name.startswith(("tap", "gns3tap"))
        }

    return bool(here) and cards(server) == cards(here)


def may_change_network() -> bool:
    """Tell whether this process can make bridges."""
    return os.geteuid() == 0 and shutil.which("ip") is not None


def make(commands: Iterable[str]) -> None:
    """Run `ip` commands. Raises OSError with what `ip` said."""
    for command in commands:
        done = subprocess.run(  # noqa: S603 (commands of Management.commands: checked names)
            command.split(), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise OSError(f"{command}: {done.stderr.strip()}")


def remove_unused(bridge: str) -> bool:
    """Remove a bridge that nothing is plugged into; tell whether it is gone.

    The taps of a lab that was just removed get a moment to go.
    """
    if not any(i.name == bridge for i in interfaces_here()):
        return True
    deadline = time.monotonic() + GOING_SECONDS
    while _json("link", "show", "master", bridge):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    make([f"ip link delete {bridge}"])
    return True


def plugged(bridge: str) -> bool:
    """Tell whether GNS3 has plugged anything into a bridge of this machine."""
    inside = _json("link", "show", "master", bridge)
    return any(str(entry["ifname"]).startswith("gns3tap") for entry in inside)


def _json(*arguments: str) -> list[dict[str, Any]]:
    ip = shutil.which("ip") or "/sbin/ip"
    try:
        done = subprocess.run(  # noqa: S603 (fixed words, and a bridge's checked name)
            [ip, "-j", *arguments], capture_output=True, text=True, check=False
        )
    except OSError:
        return []
    found: list[dict[str, Any]] = json.loads(done.stdout or "[]")
    return [entry for entry in found if entry]
