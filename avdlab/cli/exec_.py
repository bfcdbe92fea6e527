"""`avdlab exec`: show commands on many devices at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import click

from avdlab.backends.base import EapiTarget
from avdlab.backends.eapi import enable, run_commands
from avdlab.cli import options
from avdlab.cli.output import emit_json
from avdlab.errors import CannotRunError, DeviceError
from avdlab.lab import Lab


@click.command("exec")
@click.argument("commands", nargs=-1, required=True)
@options.inventory_option
@options.name_option
@options.limit_option
@options.format_option
def command(
    commands: tuple[str, ...],
    inventory: Path | None,
    name: str | None,
    limit: str | None,
    form: str,
) -> None:
    """Run COMMANDS on devices: text for people, EOS's JSON with -f json.

    avdlab exec -l 'leaf*' 'show ip bgp summary'
    """
    lab = Lab.open(inventory, name)
    targets = lab.targets(options.chosen(limit, dict(lab.groups)))
    lab.check(targets)
    output = "json" if form == "json" else "text"

    def ask(target: EapiTarget) -> tuple[str, list[dict[str, Any]], str]:
        found: list[dict[str, Any]] = []
        try:
            for text in commands:  # one by one: a refused command must not cost the answers before
                found += run_commands(target, [enable(target), text], output=output)[1:]
        except DeviceError as exc:
            return target.device, found, exc.message
        return target.device, found, ""

    with ThreadPoolExecutor(max_workers=lab.settings.max_workers) as pool:
        answers = list(pool.map(ask, targets))
    failed = [error for _, _, error in answers if error]
    if form == "json":
        errors = {device: error for device, _, error in answers if error}
        results = {device: found for device, found, _ in answers if found}
        emit_json({"lab": lab.folder.name, "devices": results, "errors": errors})
    else:
        _show(commands, answers)
    if failed:
        raise CannotRunError("\n".join(failed))


def _show(commands: tuple[str, ...], answers: list[tuple[str, list[dict[str, Any]], str]]) -> None:
    for device, results, _ in answers:
        for text, result in zip(commands, results, strict=False):
            click.echo(f"{device}# {text}")
            click.echo(str(result.get("output", "")).rstrip("\n"))
