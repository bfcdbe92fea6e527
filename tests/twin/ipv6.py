"""The configuration of a router with a loopback and one port, of both address families."""

ROUTER = """
ip routing
ipv6 unicast-routing
interface Loopback0
   ip address 192.0.2.{n}/32
   ipv6 address 2001:db8::{n}/128
interface Ethernet1
   no switchport
   ipv6 address 2001:db8:12::{n}/64
{lines}
"""
