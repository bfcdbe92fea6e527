"""`show version detail`, `show extensions`: the twin names itself, and has no extensions."""

from avdlab.twin.cli.show import system
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.device import SOFTWARE


def version_detail(view: View, args: Args) -> Json:
    """The software of a twin is one package, its own; switches are none of it."""
    return system.version(view, args) | {
        "details": {
            "components": [{"name": "Aboot", "version": "avdlab-twin"}],
            "packages": {
                "avdlab-twin": {"version": SOFTWARE, "release": "1"},
                "TerminAttr-core": {"version": "avdlab-twin", "release": "1"},
            },
            "switchType": "fixedSystem",
            "deviations": [],
        }
    }


def extensions(_: View, __: Args) -> Json:
    return {"extensions": {}, "extensionStoredDir": "flash:"}


def boot_extensions(_: View, __: Args) -> Json:
    return {"extensions": []}


def boot_config(_: View, __: Args) -> Json:
    return {
        "softwareImage": f"flash:/{system.INTERNAL_VERSION}",
        "abootPassword": "(not set)",
        "memTestIterations": 0,
        "certificatesInstalled": False,
        "securebootSupported": False,
    }


def boot_config_text(view: View, args: Args) -> str:
    return (
        f"Software image: {boot_config(view, args)['softwareImage']}\n"
        "Console speed: (not set)\nAboot password (encrypted): (not set)\n"
        "Memory test iterations: (not set)\n"
    )


COMMANDS = (
    show(
        "show boot-config",
        Level.MIRRORED,
        json=boot_config,
        text=boot_config_text,
        note="constant: the image names the twin",
    ),
    show(
        "show version detail",
        Level.MIRRORED,
        json=version_detail,
        note="constants: versions name the twin",
    ),
    show("show extensions", Level.MIRRORED, json=extensions, revision=2, note="constant: none"),
    show("show boot-extensions", Level.MIRRORED, json=boot_extensions, note="constant: none"),
)
