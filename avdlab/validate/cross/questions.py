"""The show commands that the comparisons read. Real EOS was recorded to print all that is read."""

from avdlab.validate.outcome import Question

BGP_SUMMARY = Question("show ip bgp summary vrf all", 1)
INTERFACES = Question("show interfaces", 1)
IP_INTERFACES = Question("show ip interface", 2)
LLDP = Question("show lldp neighbors", 1)
MLAG = Question("show mlag detail", 2)
ROUTES = Question("show ip route vrf all", 4)
SWITCHPORTS = Question("show interfaces switchport", 1)
VIRTUAL_ROUTER = Question("show ip virtual-router", 2)
VLANS = Question("show vlan", 1)
VXLAN = Question("show interfaces Vxlan1", 1)
