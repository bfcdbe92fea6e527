"""`show interfaces ...`, `show ip interface`, `show port-channel`, `show lacp`."""

from avdlab.twin.cli.show.interfaces import (
    addresses,
    counters,
    detail,
    port_channel,
    status,
    switchport,
)

COMMANDS = (
    *status.COMMANDS,
    *switchport.COMMANDS,
    *counters.COMMANDS,
    *addresses.COMMANDS,
    *port_channel.COMMANDS,
    *detail.COMMANDS,  # last: `show interfaces <interface>` fits what stands above, too
)
