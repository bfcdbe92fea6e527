"""Which interface is which adapter of a node, now and in later runs.

Adapter 0 is the management port, then the Ethernet ports in EOS order. A node keeps the adapters it
was made with: GNS3 cuts links without a word when their number changes, and cEOS counts its ports
at boot. So new ports take spare adapters (named in advance as the next front-panel ports), or are
appended, and a port that the design gives up leaves its adapter where it is.
"""

from collections.abc import Collection, Iterable, Sequence

from avdlab.net.interfaces import PortMap, canonical, is_interface, is_physical, sort_key, split

MOST = 99  # adapters of a Docker node (gns3server/schemas/docker.py)


def port_map(
    interfaces: Iterable[str],
    *,
    cabled: Collection[str] = (),
    kept: PortMap | None = None,
    spare: int = 0,
) -> PortMap:
    """Return the adapters of a device. `kept` is what it has; a new device gets `spare` ones more.

    Where there are more ports than a node can have adapters, those without a cable are left out.
    """
    wanted = PortMap.of(interfaces)
    needed = {canonical(name) for name in cabled if is_interface(name)}
    room = MOST - 1 - len(kept.ethernet if kept else ())
    have = set(kept.ethernet) if kept else set()
    new = [name for name in wanted.ethernet if name not in have]
    if len(new) > room:
        chosen = set(sorted(new, key=lambda name: (name not in needed, sort_key(name)))[:room])
        new = [name for name in new if name in chosen]
    if kept is not None:
        return PortMap(wanted.management, (*kept.ethernet, *new))
    spares = _next_ports(new, min(spare, room - len(new)))
    return PortMap(wanted.management, (*new, *spares))


def left_out(ports: PortMap, interfaces: Iterable[str]) -> tuple[str, ...]:
    """Return the ports that the device has no adapter for."""
    return tuple(name for name in PortMap.of(interfaces).ethernet if name not in ports.ethernet)


def _next_ports(used: Sequence[str], count: int) -> list[str]:
    """Return names of front-panel ports that are free: after the longest run from the beginning.

    A spine with Ethernet1 to 8 gets 9 and 10; a leaf with 1 to 4, 47 and 48 gets 5 and 6.
    """
    if not all(is_physical(name) and len(split(name)[1]) == 1 for name in used):
        return []  # breakouts and line cards: what comes next cannot be guessed
    numbers = {split(name)[1][0] for name in used}
    found: list[str] = []
    number = 1
    while len(found) < count:
        if number not in numbers:
            found.append(f"Ethernet{number}")
        number += 1
    return found
