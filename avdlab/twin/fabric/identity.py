"""What the factory gives a device: serial number and MAC address, from its name alone."""

from hashlib import sha256

from avdlab.twin.device import Identity


def identity(fabric: str, node: str) -> Identity:
    """Return the identity of a node: the same for the same names, on every computer."""
    digest = sha256(f"{fabric}\0{node}".encode()).digest()
    # universally administered, unicast: the two low bits of the first byte are zero (IEEE 802)
    octets = bytes([digest[0] & 0xFC, *digest[1:6]])
    serial = "TWIN" + digest[6:14].hex().upper()
    return Identity(node, serial, ":".join(f"{octet:02x}" for octet in octets))


def host_mac(fabric: str, endpoint: str, nic: str) -> str:
    """Return a MAC address for the LACP system or LLDP chassis of an endpoint without one."""
    return identity(fabric, f"{endpoint}\0{nic}").system_mac
