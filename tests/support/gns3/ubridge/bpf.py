"""Capture filter expressions (`tcp port 179`), compiled and run by libpcap itself."""

import ctypes
from collections.abc import Callable

_DLT_EN10MB = 1
_SNAPLEN = 65535
_NETMASK_UNKNOWN = 0xFFFFFFFF


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint), ("instructions", ctypes.c_void_p))


class _Header(ctypes.Structure):
    _fields_ = (
        ("seconds", ctypes.c_long),
        ("microseconds", ctypes.c_long),
        ("captured", ctypes.c_uint32),
        ("length", ctypes.c_uint32),
    )


def compile_expression(expression: str) -> Callable[[bytes], bool]:
    """Return a function that tells whether a frame matches. Raises ValueError."""
    pcap = ctypes.CDLL("libpcap.so.0.8")
    pcap.pcap_open_dead.restype = ctypes.c_void_p
    pcap.pcap_geterr.restype = ctypes.c_char_p
    handle = ctypes.c_void_p(pcap.pcap_open_dead(_DLT_EN10MB, _SNAPLEN))
    program = _Program()
    if pcap.pcap_compile(
        handle, ctypes.byref(program), expression.encode(), 1, ctypes.c_uint(_NETMASK_UNKNOWN)
    ):
        reason = pcap.pcap_geterr(handle).decode()
        raise ValueError(f"Cannot compile filter '{expression}': {reason}")
    offline, reference, header = pcap.pcap_offline_filter, ctypes.byref(program), _Header()

    def matches(frame: bytes) -> bool:
        header.captured = header.length = len(frame)
        return offline(reference, ctypes.byref(header), frame) != 0

    return matches
