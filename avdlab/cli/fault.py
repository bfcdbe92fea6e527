"""`avdlab fault`: one verb that breaks a running lab on purpose, and heals it."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from avdlab.cli import fault_runs, options
from avdlab.cli.output import emit_json, emit_table
from avdlab.errors import InputError
from avdlab.faults.inject import LabFaults, places
from avdlab.faults.model import Fault, Kind
from avdlab.faults.parse import cable, device, parse
from avdlab.lab import Lab
from avdlab.settings import seconds

_LINKS = ("down", "up", "flap", "blackhole", "drop")
_NODES = ("stop", "start", "reload")


@click.group("fault")
def command() -> None:
    """Break the lab on purpose, and heal it.

    \b
    avdlab fault link leaf1:Et1 down            both ends lose carrier
    avdlab fault link leaf1:Et1 blackhole       frames vanish, ports stay up
    avdlab fault link leaf1:Et1 drop bgp,vxlan  only these frames vanish
    avdlab fault link leaf1:Et1 flap --period 2s --count 5
    avdlab fault node spine1 stop               powers it off
    avdlab fault config leaf1 wrong-vni         a named configuration fault
    avdlab fault list
    avdlab fault heal --all
    avdlab fault run SCENARIO                   steps, and what is expected of each
    avdlab fault matrix                         every cable and every device in turn

    A fault stays until it is healed, or for as long as --for says; Ctrl-C then heals it too.
    """


@contextmanager
def _faults(inventory: Path | None, name: str | None) -> Iterator[tuple[Lab, LabFaults]]:
    lab = Lab.open(inventory, name)
    with lab.folder.locked():
        yield lab, LabFaults(lab)


def _hold(faults: LabFaults, fault: Fault, period: str | None) -> None:
    """Bring a fault about: for good, or for a time and then heal it."""
    if period is None:
        click.echo(f"set: {faults.add(fault)}")
        return
    length = seconds(period)
    with faults.healing():
        click.echo(f"set: {faults.add(fault)}")
        time.sleep(length)
    click.echo(f"healed: {fault}")


_for = click.option("--for", "period", metavar="TIME", help="Heal it after this time, e.g. 30s.")


@command.command("link")
@click.argument("end")
@click.argument("action", type=click.Choice(_LINKS))
@click.argument("protocols", nargs=-1)
@click.option("--period", "cycle", default="2s", help="Of one flap: down and up again [2s].")
@click.option("--count", default=5, help="How many flaps [5].")
@_for
@options.inventory_option
@options.name_option
def link(
    end: str,
    action: str,
    protocols: Sequence[str],
    cycle: str,
    count: int,
    period: str | None,
    inventory: Path | None,
    name: str | None,
) -> None:
    """Give a cable a fault. END is one of its ends: leaf1:Ethernet1.

    PROTOCOLS of `drop`: arp, bgp, lacp, lldp, vxlan.
    """
    with _faults(inventory, name) as (lab, faults):
        topology = lab.topology()
        if action == "up":
            ends = cable(end, topology)
            _report(faults.heal([f for f in faults.active if f.target == ends]))
        elif action == "flap":
            fault = parse(["link", end, "down"], topology)
            faults.flap(fault, count=count, period=seconds(cycle))
            click.echo(f"flapped {count} times: {fault.place}")
        else:
            words = ["link", end, action, *protocols]
            _hold(faults, parse(words, topology), period)


@command.command("node")
@click.argument("node")
@click.argument("action", type=click.Choice(_NODES))
@_for
@options.inventory_option
@options.name_option
def node(
    node: str, action: str, period: str | None, inventory: Path | None, name: str | None
) -> None:
    """Power a node off, on, or off and on. It boots from its startup-config."""
    with _faults(inventory, name) as (lab, faults):
        topology = lab.topology()
        if action == "start":
            own = (device(node, topology),)
            _report(faults.heal([f for f in faults.active if f.target == own]))
        elif action == "reload":
            faults.reload(device(node, topology))
            click.echo(f"reloaded: {node}")
        else:
            _hold(faults, parse(["node", node, "stop"], topology), period)


@command.command("config")
@click.argument("device_name", metavar="DEVICE")
@click.argument("fault")
@click.option("--at", default="", help="Which of several places: words of what `names` shows.")
@_for
@options.inventory_option
@options.name_option
def config(
    device_name: str,
    fault: str,
    at: str,
    period: str | None,
    inventory: Path | None,
    name: str | None,
) -> None:
    """Bring a named fault into a configuration. `avdlab fault names` lists them."""
    with _faults(inventory, name) as (lab, faults):
        words = ["config", device_name, fault, *(["at", at] if at else [])]
        _hold(faults, parse(words, lab.topology()), period)


@command.command("names")
@click.argument("device_name", metavar="[DEVICE]", required=False)
@options.inventory_option
@options.name_option
@options.format_option
def names(device_name: str | None, inventory: Path | None, name: str | None, form: str) -> None:
    """List the configuration faults; with DEVICE, those that have a place there, and where."""
    from avdlab.faults.catalog import CONFIG_FAULTS

    found = [(fault.name, fault.title, "") for fault in CONFIG_FAULTS.values()]
    if device_name is not None:
        lab = Lab.open(inventory, name)
        chosen = device(device_name, lab.topology())
        found = [
            (fault.name, fault.title, where)
            for fault in CONFIG_FAULTS.values()
            for where in places(lab, fault.name, chosen)
        ]
    if form == "json":
        keys = ("name", "title", "at")
        emit_json({"faults": [dict(zip(keys, row, strict=True)) for row in found]})
    elif device_name is not None:
        emit_table(("name", "at"), [(fault, where) for fault, _, where in found])
    else:
        emit_table(("name", "what"), [(fault, title) for fault, title, _ in found])


@command.command("list")
@options.inventory_option
@options.name_option
@options.format_option
def listed(inventory: Path | None, name: str | None, form: str) -> None:
    """List the faults in force."""
    lab = Lab.open(inventory, name)
    active = LabFaults(lab).active
    if form == "json":
        emit_json({"lab": lab.folder.name, "faults": [fault.as_data() for fault in active]})
    else:
        for fault in active:
            click.echo(str(fault))


@command.command("heal")
@click.argument("words", nargs=-1, metavar="[link END | node NODE | config DEVICE [NAME]]")
@click.option("--all", "everything", is_flag=True, help="Heal all faults of the lab.")
@options.inventory_option
@options.name_option
def heal(words: Sequence[str], everything: bool, inventory: Path | None, name: str | None) -> None:
    """Heal faults: those that are named, or all."""
    if bool(words) == everything:
        raise InputError("name a fault to heal, or say --all", hint="See: avdlab fault list")
    with _faults(inventory, name) as (lab, faults):
        active = faults.active
        chosen = list(active) if everything else _named(words, active, lab)
        _report(faults.heal(chosen))


def _named(words: Sequence[str], active: Sequence[Fault], lab: Lab) -> list[Fault]:
    """Return the faults in force at a place. Raises InputError where there are none."""
    kind, *rest = words
    place = rest[0] if rest else ""
    if kind == Kind.LINK:
        ends = cable(" ".join(rest), lab.topology())
        found = [f for f in active if f.kind is Kind.LINK and f.target == ends]
    else:
        effect = rest[1] if len(rest) > 1 else ""
        found = [
            f for f in active if (f.kind, f.place) == (kind, place) and effect in {"", f.effect}
        ]
    if not found:
        raise InputError(
            f"no fault in force is named '{' '.join(words)}'", hint="See: avdlab fault list"
        )
    return found


def _report(healed: Sequence[Fault]) -> None:
    for fault in healed:
        click.echo(f"healed: {fault}")
    if not healed:
        click.echo("nothing to heal")


command.add_command(fault_runs.run)
command.add_command(fault_runs.matrix)
