"""`show path-selection paths` and `show adaptive-virtual-topology path`: not modelled, so empty.

A test of a WAN router's paths fails on this, as it should: the twin does not compute them.
"""

from avdlab.twin.cli.show.registry import Args, Json, Level, View, show


def paths(_: View, __: Args) -> Json:
    return {"dpsPeers": {}}


def topologies(_: View, __: Args) -> Json:
    return {"vrfs": {}}


_NOTE = "dynamic path selection is not modelled: always empty"
COMMANDS = (
    show("show path-selection paths", Level.ACCEPTED, json=paths, note=_NOTE),
    show("show adaptive-virtual-topology path", Level.ACCEPTED, json=topologies, note=_NOTE),
)
