"""`show ip ospf ...`: this twin does not compute OSPF, and says so where it is configured."""

from avdlab.twin.cli.show.registry import Args, Json, Level, ShowError, View, show


def uncomputed(view: View, protocol: str) -> None:
    """Raise ShowError where the device's notes tell that the protocol is configured."""
    for note in view.device.notes:
        if protocol in note:
            raise ShowError(note, {"vrfs": {}})


def ospf(view: View, _: Args) -> Json:
    """Where OSPF is not configured EOS answers with no VRFs."""
    uncomputed(view, "OSPF")
    return {"vrfs": {}}


_NOTE = "OSPF is not computed: an error where it is configured, empty elsewhere"
COMMANDS = (
    show("show ip ospf neighbor [vrf <vrf>]", Level.MIRRORED, json=ospf, note=_NOTE),
    show("show ip ospf [vrf <vrf>]", Level.MIRRORED, json=ospf, note=_NOTE),
)
