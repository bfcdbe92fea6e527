"""What a device knows: ports, VLANs, routes, BGP and EVPN entries. Data and selection rules."""
