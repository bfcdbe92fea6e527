"""`show isis ...`: this twin does not compute IS-IS, and says so where it is configured."""

from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.cli.show.routing.ospf import uncomputed


def isis(view: View, _: Args) -> Json:
    """Where IS-IS is not configured EOS answers with no VRFs."""
    uncomputed(view, "IS-IS")
    return {"vrfs": {}}


_NOTE = "IS-IS is not computed: an error where it is configured, empty elsewhere"
COMMANDS = (
    show("show isis neighbors [vrf <vrf>]", Level.MIRRORED, json=isis, note=_NOTE),
    show("show isis interface brief [vrf <vrf>]", Level.MIRRORED, json=isis, note=_NOTE),
)
