"""Values that make sense to EOS, for structured configs drawn from pyavd's schema.

The schema says of many strings only that they are strings. The path of keys that leads to one, or
its description, tells what a person would write there; a value that EOS would rightly refuse proves
nothing about the grammar.
"""

import re
from collections.abc import Mapping
from typing import Any

# path of keys (`ethernet_interfaces.ip_address`) -> text; the first that is found in it wins.
# {v} counts from 1 to 250, {w} how often it has, {n} on and on.
_BY_PATH: tuple[tuple[str, str], ...] = (
    (r"metadata|tenants", "word{n}"),
    (r"router_bgp.*(networks|aggregate_addresses)\.prefix$", "10.{v}.0.0/16"),
    (r"router_bgp.*neighbor_interfaces\.name$", "Ethernet{v}"),
    (r"router_bgp.*(neighbors|peer_groups)\.timers$", "5 15"),
    (r"router_bgp\.bgp_defaults$", "no bgp default ipv4-unicast"),
    (r"router_bgp\.vlan\w*\.(no_)?redistribute_routes$", "learned"),
    (r"router_bgp.*route_targets\.(import|export)\.address_family$", "evpn"),
    (r"rapid_pvst_instances\.id$", "{v}"),
    (r"tunnel_interface\.(primary|secondary)$", "Tunnel{v}"),
    (r"monitor_connectivity.*\.ip$", "10.1.{v}.1"),
    (r"tcam_profile.*config$", "feature acl port ip"),
    (r"^\.aliases$", "alias show{n} show version"),
    (r"ntp\.local_interface\.name|connections\.ethernet_interface\.name", "Ethernet{v}"),
    (r"router_id\.ipv6|router_general\.router_id\.ipv6", "2001:db8::{v}"),
    (r"network_prefixes\.area$", "0.0.0.{v}"),
    (r"(path_selection|sfe\.interface\.profiles)\.interfaces\.name$", "Ethernet{v}"),
    (r"ipv6_static_routes\.(destination_address_prefix|prefix)$", "2001:db8:{v}::/64"),
    (r"vnis$|port_range$", "{n}"),
    # VLANs and interfaces
    (r"vlan_interfaces\.name", "Vlan{v}"),
    (r"monitor_connectivity.*local_interfaces$|maintenance\.|interface_groups\.name", "SET{n}"),
    (r"application_profile|match_list|route_map_interface", "word{n}"),
    (r"mac_address_table\.static.*interface|backup_link\.interface", "Ethernet{v}"),
    (r"mlag_configuration\.(local_interface)", "Vlan{v}"),
    (r"peer_link$", "Port-Channel{v}"),
    (r"(update_source|[._](source|local|host|peer|reload)?_?interfaces?)$", "Ethernet{v}"),
    (r"(^|\.)(\w*_)?vlans?(_ids?|_mask|_range)?$|\.range$|translations.*\.(from|to)$", "{v}"),
    (r"pvlan_mapping|prefer_vlan|dot1q_tunnel|inner_vlan|trunk_private|no_spanning", "{v}"),
    (r"udp_port", "4789"),
    # IPv6 before IPv4: `ipv6_address` ends in `address` as well
    (r"ipv6_address_link_local|link_local", "fe80::{v}/64"),
    (
        r"vrrp_ids\.ipv6|ipv6_virtual_router_addr|ipv6_static_routes\.(gateway|next_hop)",
        "2001:db8::{v}",
    ),
    (r"source_nat.*ipv6|ipv6.*source_nat", "2001:db8::{v}"),
    (r"interfaces\.ipv6_address(es|_virtuals?)?$", "2001:db8:{v}::1/64"),
    (r"ipv6_static_routes\.(destination_address_prefix|prefix)$", "2001:db8:{v}::/64"),
    (r"field_sets\.ipv6|ipv6.*prefix(es)?$", "2001:db8:{v}::/64"),
    # IPv4
    (r"address_locking|arp\..*ipv4|vrrp_ids\.ipv4|ip_virtual_router_addr", "10.1.{v}.1"),
    (r"source_nat_vrfs|source_nat", "10.1.{v}.1"),
    (r"interfaces\.(ip_address|ip_address_secondaries|ip_address_virtual\w*)$", "10.{w}.{v}.1/24"),
    (r"static_routes\.(destination_address_prefix|prefix)$", "10.{v}.0.0/16"),
    (
        r"field_sets\.ipv4|prefix_values|ospf.*(networks|prefix)|summary_addresses|prefixes$",
        "10.{v}.0.0/16",
    ),
    (r"ntp\.local_interface\.name|connections\.ethernet_interface\.name", "Ethernet{v}"),
    (r"router_id\.ipv6|router_general\.router_id\.ipv6", "2001:db8::{v}"),
    (r"network_prefixes\.ipv4_prefix|\.ipv4_prefix", "10.{v}.0.0/16"),
    (r"router_id|peer_address|cluster_id|gateway|next_hop_?(ipv4)?$", "10.1.{v}.1"),
    # layer 2
    (r"lacp_id|mac_address|vxlan_virtual.*mac|\.mac$|encapsulation_mac", "00:1c:73:00:00:{v:02x}"),
    (r"segment\.identifier", "0000:0000:0000:0000:{v:04x}"),
    (r"segment\.route_target", "00:00:00:00:00:{v:02x}"),
    (r"(\.rd|route_targets?(\.\w+)?|vrfs\.rd|rd_evpn_domain|both|import|export)$", "65000:{v}"),
    # routing
    (r"area(_id)?$|areas\.id$|ospf_area", "0.0.0.{v}"),
    (r"(router_bgp\.as|remote_as|local_as|\.asn?)$", "{n}"),
    (r"port_values|l4_ports|ports$", "{n}"),
    (r"protocols?$", "tcp"),
    (r"mac_access_lists.*action|access_lists.*action|\.action$", "permit ip any any"),
    (r"^\.aliases", "alias{n} show version"),
)
# words of the description -> text, where no path fits
_BY_DESCRIPTION: tuple[tuple[str, str], ...] = (
    (r"IPv6 [Aa]ddress", "2001:db8::{v}"),
    (r"IPv4 [Aa]ddress/[Mm]ask", "10.1.{v}.1/24"),
    (r"IPv4 ([Aa]ddress|Prefix)", "10.1.{v}.1"),
    (r"MAC address", "00:1c:73:00:00:{v:02x}"),
)


# numbers for which the schema names no limits -> the lowest and the highest that EOS takes
_LIMITS = (
    (r"message_digest_keys\.id|vrrp_ids\.id", 1, 255),
    (r"vlan\w*$", 1, 4000),
    (r"udp_port", 1024, 65000),
    (r"vnis?$", 1, 16_000_000),
    (r"\.mtu$", 68, 9000),
)


def text_for(path: str, node: Mapping[str, Any], count: int) -> str | None:
    """Return a value for the string at this path, None where any word will do."""
    for pattern, text in _BY_PATH:
        if re.search(pattern, path):
            return _filled(text, count)
    for pattern, text in _BY_DESCRIPTION:
        if re.search(pattern, node.get("description") or ""):
            return _filled(text, count)
    return None


def _filled(text: str, count: int) -> str:
    return text.format(v=count % 250 + 1, w=count // 250 + 1, n=count)


def drawn(grammar: Any) -> type[Any]:
    """Return the table maker's drawer of values, with sensible ones."""

    class Sensible(grammar.Drawn):  # type: ignore[name-defined,misc]  # a class of a loaded script
        """Knows the path to the value that it draws."""

        path = ""
        listing = False  # the value is an element of a list: its name is not that of a key

        def value(self, node: dict[str, Any], name: str = "") -> Any:
            outer, listing = self.path, self.listing
            self.path = outer if listing or not name else f"{outer}.{name}"
            self.listing = False
            try:
                return super().value(node, name)
            finally:
                self.path, self.listing = outer, listing

        def _list(self, node: dict[str, Any], name: str) -> list[Any]:
            self.listing = True
            return list(super()._list(node, name))

        def _str(self, node: dict[str, Any], name: str) -> str:
            made: str = super()._str(node, name)
            if not made.startswith(grammar.MARK):
                return made
            return text_for(self.path, node, self.count) or f"word{self.count}"

        def _int(self, node: dict[str, Any], name: str) -> int:
            made: int = super()._int(node, name)
            for pattern, lowest, highest in _LIMITS if "max" not in node else ():
                if re.search(pattern, self.path):
                    return lowest + made % (highest - lowest + 1)
            return made

    return Sensible
