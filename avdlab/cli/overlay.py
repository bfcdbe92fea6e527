"""`avdlab overlay`: what the lab's configurations change in the intended ones, and why."""

from difflib import unified_diff
from typing import Any

import click

from avdlab.cli import options
from avdlab.cli.lifecycle import request
from avdlab.cli.output import emit_json
from avdlab.cli.progress import reporter


@click.command("overlay")
@options.inventory_option
@options.name_option
@options.limit_option
@options.source_options
@options.settings_options
@click.option("--diff", is_flag=True, help="Print intended against lab configuration.")
@options.format_option
def command(name: str | None, diff: bool, form: str, **given: Any) -> None:
    """Report what the lab overlay changes in the intended configurations, and why; change nothing.

    Lines that are left out are named with their numbers in the intended configuration.
    """
    asked = request(given, reporter(quiet=True), check=True)
    lab = asked.lab(name)
    new = lab.new
    with lab.folder.locked():
        try:
            made = lab.design(asked.prepared)
        finally:
            if new:
                lab.folder.remove()
    chosen = made.selected if given.get("limit") else frozenset(made.configs.devices)
    changes = [change for change in made.configs.changes if change.device in chosen]
    if form == "json":
        rows = [
            {
                "device": change.device,
                "what": change.what,
                "why": change.why,
                "lines": [{"number": number, "line": line} for number, line in change.lines],
            }
            for change in changes
        ]
        emit_json({"lab": lab.folder.name, "changes": rows})
        return
    for change in changes:
        click.echo(f"{change.device}: {change.what} ({change.why})")
        for number, line in change.lines:
            click.echo(f"    line {number}: {line}")
    if diff and asked.prepared.rendered is not None:
        for device in sorted(chosen):
            intended = asked.prepared.rendered.devices[device].config
            _show_diff(device, intended, made.configs.devices[device].config)
    click.echo(f"{len(changes)} changes on {len({c.device for c in changes})} devices")


def _show_diff(device: str, intended: str, lab: str) -> None:
    from avdlab.deploy.redact import redact

    names = (f"intended/{device}", f"lab/{device}")
    lines = unified_diff(intended.splitlines(), lab.splitlines(), *names, lineterm="")
    text = "\n".join(lines)
    if text:
        click.echo(redact(text))
