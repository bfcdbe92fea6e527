"""`show zerotouch`. The show commands of configurations themselves stand in the exec commands."""

from avdlab.twin.cli.show.registry import Args, Json, Level, View, show


def zerotouch(_: View, __: Args) -> Json:
    return {"mode": "disabled", "scriptExecTimeout": 900}


COMMANDS = (show("show zerotouch", Level.MIRRORED, json=zerotouch, note="constant: disabled"),)
