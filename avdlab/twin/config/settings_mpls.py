"""Typed settings of MPLS: forwarding, LDP, label ranges."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LdpSettings:
    """`mpls ldp`. EOS runs it on every MPLS interface unless `interface disabled default`."""

    shutdown: bool = True
    router_id: int | None = None
    router_id_interface: str | None = None
    transport_interface: str | None = None
    interfaces_by_default: bool = True
    password: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MplsSettings:
    """`mpls ip`, `mpls ldp`, and the ranges of `mpls label range` (kind -> first, size)."""

    forwarding: bool = False
    ldp: LdpSettings | None = None
    ranges: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MplsInterface:
    """`mpls ...` and `node-segment ...` of an interface; None where it says nothing."""

    forwarding: bool = True
    ldp: bool | None = None
    node_segment: int | None = None  # index, IPv4
    node_segment6: int | None = None
