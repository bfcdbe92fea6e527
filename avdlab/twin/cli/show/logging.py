"""`show logging ...`: the twin's devices log nothing, so their buffers are empty."""

from avdlab.twin.cli.show.registry import Args, Level, View, show


def _empty(_: View, __: Args) -> str:
    return ""


_NOTE = "constant: nothing is logged"
COMMANDS = (
    show("show logging threshold <severity>", Level.MIRRORED, text=_empty, note=_NOTE),
    show(
        "show logging threshold <severity> last <count> <unit>",
        Level.MIRRORED,
        text=_empty,
        note=_NOTE,
    ),
    show(
        "show logging last <count> <unit> threshold <severity>",
        Level.MIRRORED,
        text=_empty,
        note=_NOTE,
    ),
)
