"""Private AS numbers (RFC 6996) that a neighbor is not to see, or not to bring."""

from avdlab.twin.protocols.bgp.peers import Peer


def is_private_as(asn: int) -> bool:
    """Tell whether an AS number is private (RFC 6996)."""
    return 64512 <= asn <= 65534 or 4200000000 <= asn <= 4294967294


def without_private(sender: Peer, path: tuple[int, ...]) -> tuple[int, ...]:
    """EOS remove-private-as: bare only from paths that are all private; the peer's own AS stays."""
    how = sender.remove_private_as or ""
    if how == "" and not all(map(is_private_as, path)):
        return path
    if "replace-as" in how:
        return tuple(sender.local_as if is_private_as(asn) else asn for asn in path)
    return tuple(asn for asn in path if not is_private_as(asn) or asn == sender.remote_as)


def private_taken_out(peer: Peer, path: tuple[int, ...]) -> tuple[int, ...]:
    """EOS `remove-private-as ingress [replace-as]`: of what is received, before policy."""
    if peer.remove_private_as_in == "replace-as":
        return tuple(peer.local_as if is_private_as(asn) else asn for asn in path)
    return tuple(asn for asn in path if not is_private_as(asn))
