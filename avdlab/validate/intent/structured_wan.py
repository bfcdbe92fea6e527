"""The part of AVD's structured configuration that is about WAN routers and their providers."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class LocalInterface(_Part):
    name: str


class StaticPeer(_Part):
    router_ip: str


class DynamicPeers(_Part):
    enabled: bool = False


class PathGroup(_Part):
    name: str
    id: int = 0
    local_interfaces: tuple[LocalInterface, ...] = ()
    static_peers: tuple[StaticPeer, ...] = ()
    dynamic_peers: DynamicPeers = DynamicPeers()


class PathSelection(_Part):
    path_groups: tuple[PathGroup, ...] = ()


class Site(_Part):
    name: str = ""


class Topologies(_Part):
    topology_role: str = ""
    site: Site = Site()


class DhcpServer(_Part):
    vrf: str = "default"
    disabled: bool = False
    ipv4_subnets: tuple[Any, ...] = ()


class StaticRoute(_Part):
    prefix: str = ""
    vrf: str = "default"
    next_hop: str = ""
    interface: str = ""
    track_bfd: bool = False
    distance: int | None = None
