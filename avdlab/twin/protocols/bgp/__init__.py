"""BGP for IPv4 unicast and EVPN, solved per class of routes."""
