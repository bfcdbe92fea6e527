"""`avdlab config`: the settings, and where each comes from."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from avdlab.cli import options
from avdlab.cli.output import emit
from avdlab.settings import Settings

HIDDEN = "(set)"


@click.group("config")
def command() -> None:
    """Look at the settings."""


@command.command("show")
@options.inventory_option
@click.option("--origin", is_flag=True, help="Say where each value comes from.")
@options.formats_option
def show(inventory: Path | None, origin: bool, form: str) -> None:
    """Show the settings that count here: flag, environment, project, user, default.

    A project's lie in avdlab.yml beside ansible.cfg, a user's in ~/.config/avdlab/config.yml, and
    AVDLAB_<SETTING> in the environment. Passwords are not shown.
    """
    settings = options.settings(options.place(inventory).project, {})
    rows: list[dict[str, Any]] = []
    for item in fields(Settings):
        if item.name == "origin":
            continue
        value = getattr(settings, item.name)
        shown = HIDDEN if "password" in item.name and value else value
        row = {"setting": item.name, "value": shown}
        rows.append(row | ({"origin": settings.origin[item.name]} if origin else {}))
    emit(form, {"settings": rows}, rows)
