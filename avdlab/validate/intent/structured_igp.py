"""The part of AVD's structured configuration that is about OSPF and IS-IS."""

from pydantic import BaseModel, ConfigDict


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class OspfProcess(_Part):
    id: int
    vrf: str = "default"
    router_id: str = ""
    passive_interface_default: bool = False
    no_passive_interfaces: tuple[str, ...] = ()
    passive_interfaces: tuple[str, ...] = ()
    shutdown: bool = False
    bfd_enable: bool = False
    maximum_paths: int | None = None


class RouterOspf(_Part):
    process_ids: tuple[OspfProcess, ...] = ()


class IsisFamily(_Part):
    maximum_paths: int | None = None


class RouterIsis(_Part):
    instance: str = ""
    net: str = ""
    router_id: str = ""
    is_type: str = ""
    address_family_ipv4: IsisFamily = IsisFamily()
