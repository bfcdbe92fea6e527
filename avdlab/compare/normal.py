"""One spelling for both sides of a comparison, where EOS has several for the same thing.

* ribd's keys get the names that the multi-agent model gives them.
* Within an ECMP group, the path that came first leads (`bgp bestpath ecmp-fast`, on by default), so
  a configuration tells the group and not its head: each member stands for the group.
* An L3 VNI gets the next free dynamic VLAN in the order in which EVPN brings them: VNIs and VLANs
are
  compared as two sets.
"""

from collections.abc import Callable
from typing import Any

from avdlab.compare.rules import SPELLINGS, UNORDERED
from avdlab.net.interfaces import canonical, is_interface

Json = dict[str, Any]


def normal(table: str, entry: object) -> object:
    """Return an entry in the spelling that is compared."""
    if not isinstance(entry, dict):
        return entry
    spelled = _spelled(table, _sorted_words(entry))
    return _BY_TABLE.get(table, _same)(spelled)


def _same(entry: Json) -> Json:
    return entry


def _sorted_words(entry: Json) -> Json:
    return {
        key: sorted(value) if key in UNORDERED and isinstance(value, list) else value
        for key, value in entry.items()
    }


def _spelled(table: str, entry: Json) -> Json:
    names = {old: new for of, old, new in SPELLINGS if of == table and old in entry}
    return {names.get(key, key): value for key, value in entry.items()} if names else entry


# ------------------------------------------------------------------------------ sessions
def _session(entry: Json) -> Json:
    """ribd names the kernel's interface: `et1` is Ethernet1."""
    name = entry.get("ifName")
    return {**entry, "ifName": canonical(name)} if name and is_interface(name) else entry


# ------------------------------------------------------------------------------ paths
_LEADS = ("active", "ecmpHead")


def _paths(key: str) -> Callable[[Json], Json]:
    def of_entry(entry: Json) -> Json:
        paths = entry.get(key)
        if not isinstance(paths, list) or len(paths) < 2:
            return entry
        return {**entry, key: _without_leader(paths)}

    return of_entry


def _without_leader(paths: list[Any]) -> list[Any]:
    members = [path for path in paths if _in_group(path)]
    flags = {flag: any(path["routeType"].get(flag) for path in members) for flag in _LEADS}
    return [
        {**path, "routeType": {**path["routeType"], **flags, "ecmp": True}}
        if _in_group(path)
        else path
        for path in paths
    ]


def _in_group(path: object) -> bool:
    return bool(isinstance(path, dict) and path.get("routeType", {}).get("ecmpContributor"))


# ------------------------------------------------------------------------------ VXLAN
def _vxlan(entry: Json) -> Json:
    mapped = entry.get("vlanToVniMap")
    if not isinstance(mapped, dict):
        return entry
    dynamic = {vlan for vlan, facts in mapped.items() if facts.get("source") == "evpn"}
    return {
        **entry,
        "vlanToVniMap": {vlan: facts for vlan, facts in mapped.items() if vlan not in dynamic},
        "dynamicVnis": sorted(mapped[vlan]["vni"] for vlan in dynamic),
        "dynamicVlans": sorted(dynamic),
    }


_BY_TABLE: dict[str, Callable[[Json], Json]] = {
    "sessions": _session,
    "bgp": _paths("bgpRoutePaths"),
    "evpn": _paths("evpnRoutePaths"),
    "vxlan": _vxlan,
    "interfaces": _vxlan,
}
