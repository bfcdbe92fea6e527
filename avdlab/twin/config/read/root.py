"""The reader of a whole configuration, and the table of everything that is modelled."""

from dataclasses import replace
from typing import Any

from avdlab.twin.config.read import (
    bgp,
    dhcp,
    interfaces,
    isis,
    l2,
    mpls,
    ospf,
    path_selection,
    policy,
    routing,
    system,
)
from avdlab.twin.config.read.table import Commands
from avdlab.twin.config.settings import DeviceSettings, InterfaceSettings
from avdlab.twin.config.tree import Config


def _top() -> Commands[Any]:
    table: Commands[Any] = Commands("")
    # l2 before interfaces: `interface Vxlan1` has a table of its own
    parts = (system, l2, interfaces, routing, policy, ospf, isis, bgp, path_selection, dhcp, mpls)
    for part in parts:
        table.include(part.TOP)
    return table


# Every modelled top-level command: for coverage look-ups, not for reading.
TOP: Commands[Any] = _top()


def read_settings(config: Config) -> DeviceSettings:
    """Return what a configuration asks for; lines that no table knows are left out."""
    layer2 = l2.read_layer2(config)
    found, defaults = interfaces.read_interfaces(config)
    layer3 = routing.read_routing(config)
    isis_main, isis_vrfs = isis.read_isis(config)
    settings = DeviceSettings(
        system=system.read_system(config),
        interfaces=found,
        vlans=layer2.vlans,
        internal_vlans=layer2.internal,
        spanning_tree=layer2.stp,
        mlag=layer2.mlag,
        vxlan=layer2.vxlan,
        vrfs=layer3.vrfs,
        static_routes=tuple(layer3.routes),
        static_routes6=tuple(layer3.routes6),
        leaks=tuple(layer3.leaks),
        router_id=layer3.router_id,
        virtual_router_mac=layer3.virtual_mac,
        source_nat=layer3.source_nat,
        policy=policy.read_policy(config),
        ospf=ospf.read_ospf(config),
        isis=isis_main,
        isis_vrfs=isis_vrfs,
        bgp=bgp.read_bgp(config),
        mpls=mpls.read_mpls(config),
        dhcp_servers=dhcp.read_dhcp(config),
        wan=path_selection.read_wan(config),
        default_mtu=defaults.mtu,
        default_shutdown=defaults.shutdown,
        default_routed=defaults.routed,
        uncomputed=tuple(layer3.uncomputed),
    )
    return _with_vxlan(settings, layer2)


def _with_vxlan(settings: DeviceSettings, layer2: l2.Layer2) -> DeviceSettings:
    if layer2.vxlan is None:
        return settings
    vxlan = InterfaceSettings(
        layer2.vxlan.name,
        description=layer2.vxlan_description,
        shutdown=layer2.vxlan_shutdown,
    )
    return replace(settings, interfaces={**settings.interfaces, vxlan.name: vxlan})
