"""All show commands, and how to find the one that a line names."""

from collections.abc import Iterable

from avdlab.twin.cli.show import (
    aaa,
    access_lists,
    bfd,
    configuration,
    connectivity,
    cvx,
    evpn,
    flow_tracking,
    hardware,
    interfaces,
    ipv6,
    lanz,
    logging,
    management,
    mlag,
    multicast,
    path_selection,
    policy,
    ptp,
    security,
    services,
    snmp,
    software,
    storm_control,
    stp,
    stun,
    system,
    vlan,
    vxlan,
)
from avdlab.twin.cli.show.registry import Args, ShowCommand
from avdlab.twin.cli.show.routing import bgp, generic, isis, ospf, route_summary, vpn, vrf
from avdlab.twin.cli.show.routing import ipv6 as ipv6_routing

COMMANDS: tuple[ShowCommand, ...] = (
    *system.COMMANDS,
    *hardware.COMMANDS,
    *configuration.COMMANDS,
    *services.COMMANDS,
    *security.COMMANDS,
    *logging.COMMANDS,
    *connectivity.COMMANDS,
    *interfaces.COMMANDS,
    *ipv6.COMMANDS,
    *storm_control.COMMANDS,
    *mlag.COMMANDS,
    *vlan.COMMANDS,
    *stp.COMMANDS,
    *vxlan.COMMANDS,
    *route_summary.COMMANDS,  # before generic, where `summary` would be a prefix
    *generic.COMMANDS,
    *vrf.COMMANDS,
    *ipv6_routing.COMMANDS,
    *vpn.COMMANDS,
    *bgp.COMMANDS,
    *evpn.COMMANDS,
    *ospf.COMMANDS,
    *isis.COMMANDS,
    *path_selection.COMMANDS,
    *policy.COMMANDS,
    *bfd.COMMANDS,
    *aaa.COMMANDS,
    *access_lists.COMMANDS,
    *management.COMMANDS,
    *snmp.COMMANDS,
    *software.COMMANDS,
    *multicast.COMMANDS,
    *ptp.COMMANDS,
    *lanz.COMMANDS,
    *cvx.COMMANDS,
    *flow_tracking.COMMANDS,
    *stun.COMMANDS,
)


def find(command: str) -> tuple[ShowCommand, Args] | None:
    """Return the command that the words (in full, any spacing) name, and what they capture.

    The first that fits wins: a module lists its narrow commands before its wide ones.
    """
    words = command.split()
    line = " ".join(words)
    for entry in _BY_WORDS.get(tuple(words[:2]), ()) + _BY_WORDS.get(tuple(words[:1]), ()):
        args = entry.pattern.match(line)
        if args is not None:
            return entry, args
    return None


def _indexed(commands: Iterable[ShowCommand]) -> dict[tuple[str, ...], tuple[ShowCommand, ...]]:
    """Sort the commands by their first two words, or by the first where the second is variable."""
    index: dict[tuple[str, ...], tuple[ShowCommand, ...]] = {}
    for command in commands:
        first, second, *_ = *command.pattern.text.split(), ""
        literal = second and not second.startswith(("<", "["))
        for word in second.split("|") if literal else ("",):
            key = (first, word) if word else (first,)
            index[key] = (*index.get(key, ()), command)
    return index


_BY_WORDS = _indexed(COMMANDS)
