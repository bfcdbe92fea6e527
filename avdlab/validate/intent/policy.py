"""Which routes the design redistributes and passes on, as far as prefix lists decide it."""

from avdlab.net.addresses import Prefix, parse_prefix
from avdlab.validate.intent.model import Device, IpVrf


def redistributes(device: Device, vrf: IpVrf, prefix: Prefix) -> bool | None:
    """Tell whether a connected route goes into BGP; None: more than prefix lists decide it."""
    return _verdict(device, vrf.route_map, prefix) if vrf.redistributes else False


def may_pass(device: Device, route_map: str, prefix: Prefix) -> bool:
    """Tell whether a route-map lets some route to a prefix pass."""
    return _verdict(device, route_map, prefix) is not False


def _verdict(device: Device, route_map: str, prefix: Prefix) -> bool | None:
    # EOS: a route-map that does not exist permits all
    steps = device.route_maps.get(route_map)
    if steps is None:
        return True
    for step in steps:
        if not step.only_prefixes:
            return None
        if not step.prefix_lists:
            return step.permit
        if any(_permits(device, name, prefix) for name in step.prefix_lists):
            return step.permit
    return False


def _permits(device: Device, name: str, prefix: Prefix) -> bool:
    for action in device.prefix_lists.get(name, ()):
        verb, text, *words = action.split()
        if _matches(parse_prefix(text), words, prefix):
            return verb == "permit"
    return False


def _matches(own: Prefix, words: list[str], prefix: Prefix) -> bool:
    """EOS: without ge, le or eq the length must be the entry's own."""
    bounds = dict(zip(words[::2], map(int, words[1::2]), strict=False))
    if not own.covers(prefix):
        return False
    if "eq" in bounds:
        return prefix.length == bounds["eq"]
    if not bounds:
        return prefix.length == own.length
    return bounds.get("ge", own.length) <= prefix.length <= bounds.get("le", 32)
