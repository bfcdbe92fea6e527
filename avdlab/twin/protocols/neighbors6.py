"""IPv6 on a link: link-local addresses (RFC 4291), and who sees whom by neighbor discovery."""

from avdlab.twin.config.settings import InterfaceSettings


def link_local(interface: InterfaceSettings, mac: str) -> int:
    """Return the link-local address of an interface: configured, or made of its MAC address
    (RFC 4291 appendix A: the universal bit is turned, ff:fe stands in the middle)."""
    if interface.link_local6 is not None:
        return interface.link_local6
    digits = mac.replace(":", "")
    value = int(digits, 16) if digits else 0
    identifier = (value >> 24 ^ 0x020000) << 40 | 0xFFFE << 24 | value & 0xFFFFFF
    return 0xFE80 << 112 | identifier
