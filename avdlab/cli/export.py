"""`avdlab export`: the running lab for other tools."""

import json
from pathlib import Path

import click

from avdlab.cli import options
from avdlab.cli.output import emit_json
from avdlab.errors import InputError
from avdlab.lab import Lab
from avdlab.state import write_private


@click.group("export")
def command() -> None:
    """Write inventories and catalogs for other tools."""


@command.command("anta")
@options.inventory_option
@options.name_option
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write to [default: the lab's own].",
)
@options.format_option
def anta(inventory: Path | None, name: str | None, output: Path | None, form: str) -> None:
    """Write what ANTA's own `anta nrfu` needs: inventory.yml, catalog.json and credentials.

    \b
    avdlab export anta -o anta-export
    set -a; . anta-export/anta.env; set +a
    anta nrfu table
    """
    import yaml

    lab = Lab.open(inventory, name)
    folder = (output or lab.folder.path / "export").absolute()
    catalogs = [json.loads(text) for text in lab.catalogs().values()]
    if not catalogs:
        raise InputError(f"lab '{lab.folder.name}' has no catalogs to export")
    hosts = [
        {
            "name": t.device,
            "host": t.host,
            "port": t.port,
            "tags": [t.device, *lab.groups[t.device]],
        }
        for t in lab.targets()
    ]
    user = lab.user
    files = {
        "inventory.yml": yaml.safe_dump({"anta_inventory": {"hosts": hosts}}, sort_keys=False),
        "catalog.json": json.dumps(_merged(catalogs), indent=2) + "\n",
        "anta.env": "".join(
            f"{key}={_shell(value)}\n"
            for key, value in (
                ("ANTA_USERNAME", user.name),
                ("ANTA_PASSWORD", user.password),
                ("ANTA_INVENTORY", str(folder / "inventory.yml")),
                ("ANTA_CATALOG", str(folder / "catalog.json")),
                ("ANTA_CATALOG_FORMAT", "json"),
                ("ANTA_INSECURE", "true"),
                ("ANTA_ENABLE", "true"),  # bash and show running-config need privileged mode
            )
        ),
    }
    for file, text in files.items():
        write_private(folder / file, text)
    if form == "json":
        emit_json({"folder": str(folder), "files": sorted(files)})
    else:
        click.echo(f"written to {folder}: {', '.join(sorted(files))}")


def _merged(catalogs: list[dict[str, list[object]]]) -> dict[str, list[object]]:
    """Join catalogs: every test of AVD's is tagged with its device, so the tags keep them apart."""
    merged: dict[str, list[object]] = {}
    for catalog in catalogs:
        for module, tests in catalog.items():
            merged.setdefault(module, []).extend(tests)
    return merged


def _shell(value: str) -> str:
    return "'" + value.replace("'", "'\\''") + "'"
