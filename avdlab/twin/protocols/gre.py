"""GRE tunnels (RFC 2784): when they are up, and which two are the ends of one.

A tunnel is up while the interface that its packets leave from is, and it has a destination; EOS
asks for a route there as well, which is not looked at. It works where the far end answers with the
same addresses and the same key.
"""

from collections.abc import Iterable, Mapping

from avdlab.twin.config.settings import TunnelInterface
from avdlab.twin.protocols.domains import Union
from avdlab.twin.protocols.routing import own_addresses
from avdlab.twin.protocols.switch import Switch
from avdlab.twin.tables.ports import Port

MTU = 1476  # EOS: 24 bytes below 1500 for the outer headers
Ends = tuple[int, int, str]


def why_down(switch: Switch, tunnel: TunnelInterface | None, ports: Mapping[str, Port]) -> str:
    """Return why a tunnel is down, "" when it is up."""
    if tunnel is None or tunnel.mode != "gre":
        return "only GRE tunnels are computed by this twin"
    if tunnel.destination is None:
        return "no tunnel destination"
    leaving = _leaving(switch, tunnel)
    if leaving is None:
        return "no tunnel source"
    port = ports.get(leaving)
    return "" if port is not None and port.up else f"{leaving} is down"


def _leaving(switch: Switch, tunnel: TunnelInterface) -> str | None:
    if tunnel.interface is not None:
        return tunnel.interface
    return next(
        (
            name
            for name, settings in switch.settings.interfaces.items()
            if any(own.address == tunnel.source for own in own_addresses(settings))
        ),
        None,
    )


def join(union: Union, switches: Iterable[Switch]) -> None:
    """Join the two ends of every tunnel."""
    ends: dict[Ends, tuple[str, str]] = {}
    for switch in switches:
        for name, settings in switch.settings.interfaces.items():
            found = _ends(switch, settings.tunnel)
            if found is not None:
                ends[found] = (switch.node, name)
    for (source, destination, key), end in ends.items():
        far = ends.get((destination, source, key))
        if far is not None:
            union.join(end, far)


def _ends(switch: Switch, tunnel: TunnelInterface | None) -> Ends | None:
    if tunnel is None or tunnel.mode != "gre" or tunnel.destination is None:
        return None
    source = tunnel.source
    if tunnel.interface is not None:
        settings = switch.settings.interfaces.get(tunnel.interface)
        own = own_addresses(settings) if settings is not None else ()
        source = own[0].address if own else None
    return None if source is None else (source, tunnel.destination, tunnel.key)
