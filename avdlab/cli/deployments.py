"""What the verbs share that change configurations: options, and how they show what was done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeVar

import click

from avdlab.cli.output import emit_json
from avdlab.errors import AvdlabError, ConfigRejectedError, DeviceError, InputError
from avdlab.settings import seconds

if TYPE_CHECKING:
    from avdlab.deploy import Deployment, How

F = TypeVar("F", bound=Callable[..., Any])
HOW = ("serial", "confirm", "gate", "gate_timeout")


def check_option(function: F) -> F:
    """`--check`."""
    return click.option("--check", is_flag=True, help="Change nothing, only say what would.")(
        function
    )


def diff_option(function: F) -> F:
    """`--diff`."""
    return click.option("--diff", is_flag=True, help="Print the session diff of each device.")(
        function
    )


def how_options(function: F) -> F:
    """Options that say how a transaction is run."""
    for option in (
        click.option(
            "--gate-timeout", default="30s", help="Time for the gate's tests to pass [30s]."
        ),
        click.option(
            "--gate",
            help="Tests that must pass before the commits are confirmed: 'catalog' for the lab's "
            "own, or an ANTA catalog file [eAPI answers].",
        ),
        click.option(
            "--confirm",
            help="Length of the commit timers: devices that are not confirmed by then roll back by "
            "themselves, e.g. 5m [longer than the gate and the slowest commit].",
        ),
    ):
        function = option(function)
    return function


def how(given: dict[str, Any]) -> "How":
    """Read the options. Raises InputError."""
    from avdlab.deploy import How

    timer = seconds(given["confirm"]) if given.get("confirm") else None
    if timer is not None and timer < 1:
        raise InputError("a commit timer has at least one second")
    return How(
        serial=given.get("serial") or "",
        timer=timer,
        gate=given.get("gate") or "",
        gate_timeout=seconds(given["gate_timeout"]),
    )


def show(lab: str, deployment: "Deployment", form: str, *, diff: bool, **more: object) -> None:
    """Print what was done, or would be."""
    check = deployment.check
    if form == "json":
        emit_json(
            {
                "lab": lab,
                "check": check,
                "changed": list(deployment.changed),
                "recovered": deployment.recovered,
                "batches": [list(batch) for batch in deployment.batches],
                "devices": {
                    name: {
                        "changed": done.changed,
                        "committed": done.committed,
                        "saved": done.saved,
                        "diff": done.diff,
                    }
                    for name, done in deployment.devices.items()
                },
                **more,
            }
        )
        return
    for device in deployment.changed:
        click.echo(f"{'would change' if check else 'changed'}: {device}")
        if diff:
            click.echo(deployment.devices[device].diff.rstrip())
    would = "would change" if check else "changed"
    click.echo(f"{len(deployment.changed)} of {len(deployment.devices)} devices {would}")


@contextmanager
def errors_as_json(form: str, lab: str) -> Iterator[None]:
    """With `-f json`, say on stdout too why it failed: every rejected line as data."""
    try:
        yield
    except AvdlabError as exc:
        if form == "json":
            facts: dict[str, Any] = {"message": str(exc), "exit_code": exc.exit_code}
            if isinstance(exc, ConfigRejectedError):
                facts["rejected"] = [asdict(line) for line in exc.rejected]
            if isinstance(exc, DeviceError):
                facts["device"] = exc.device
            emit_json({"lab": lab, "error": facts})
        raise
