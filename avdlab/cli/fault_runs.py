"""`avdlab fault run` and `avdlab fault matrix`: many faults, each observed and healed."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from avdlab.backends.base import Capability
from avdlab.cli import options
from avdlab.cli.output import emit_json
from avdlab.cli.progress import reporter
from avdlab.errors import CannotRunError, TestsFailedError
from avdlab.events import Reporter, stage
from avdlab.lab import Lab
from avdlab.settings import seconds

if TYPE_CHECKING:
    from avdlab.faults.outages import Outages
    from avdlab.faults.play import Played
    from avdlab.faults.subject import SideSubject


# ---------------------------------------------------------------------------------- scenarios
@click.command("run")
@click.argument("scenario", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@options.inventory_option
@options.name_option
@options.format_option
def run(scenario: Path, inventory: Path | None, name: str | None, form: str) -> None:
    """Play a scenario file: faults in steps, and what is expected of each.

    \b
    name: a spine is lost
    budget: 5m
    steps:
      - fault: node spine1 stop
        expect:
          red: [spine1/*]                    each names a test that must be red
          green: [VerifyEndpointReachability]  none of these may be red
          within: 30s
      - wait: 5s
      - flap: {link: 'leaf1:Ethernet1', count: 3, period: 2s}
      - reload: leaf1
      - heal: all
        expect: {green: all, within: 60s}

    `only: [TEST ...]` allows red tests there and nowhere else. Tests are named TEST or DEVICE/TEST,
    with * and ?. All faults are healed at the end, on an error and on Ctrl-C too. Ends with 4 where
    something was not as expected.
    """
    from avdlab.faults.inject import LabFaults
    from avdlab.faults.play import Player
    from avdlab.faults.scenario import read

    lab = Lab.open(inventory, name)
    with lab.folder.locked():
        validation = lab.validation()
        wanted = read(scenario, lab.topology(), validation.suite.tests)
        show = _show if form == "table" else lambda _: None
        played = Player(LabFaults(lab), validation).play(wanted, show)
    if form != "table":
        steps = [_step_data(step) for step in played]
        emit_json({"lab": lab.folder.name, "scenario": wanted.name, "steps": steps})
    failed = [step for step in played if step.unmet]
    if failed:
        raise TestsFailedError(
            f"scenario '{wanted.name}': step {failed[0].step.number} is not as expected"
        )


def _show(played: "Played") -> None:
    said = "not as expected" if played.unmet else "ok"
    step = played.step
    click.echo(f"{step.number:>3}  {step.words}: {said} after {played.seconds:.1f} s")
    for line in played.unmet:
        click.echo(f"       {line}")


def _step_data(played: "Played") -> dict[str, Any]:
    return {
        "step": played.step.number,
        "words": played.step.words,
        "ok": not played.unmet,
        "seconds": round(played.seconds, 2),
        "red": [f"{test.device}/{test.test}" for test in played.red],
        "unmet": list(played.unmet),
    }


# ---------------------------------------------------------------------------------- matrix
@click.command("matrix")
@click.option("--links/--no-links", default=True, help="The loss of every cable [on].")
@click.option("--nodes/--no-nodes", default=True, help="The loss of every device [on].")
@click.option(
    "--side", is_flag=True, help="On a twin beside the lab, which then is not touched at all."
)
@click.option(
    "--settle",
    metavar="TIME",
    help="A fabric has settled when nothing changed for so long [0s on an instant twin, else 15s].",
)
@click.option("--budget", default="5m", metavar="TIME", help="For one fault, and healing it [5m].")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write Markdown here."
)
@options.inventory_option
@options.name_option
@options.format_option
@options.quiet_option
def matrix(
    links: bool,
    nodes: bool,
    side: bool,
    settle: str | None,
    budget: str,
    output: Path | None,
    inventory: Path | None,
    name: str | None,
    form: str,
    quiet: bool,
) -> None:
    """Lose every cable and every device in turn: what breaks, what survives, how long it takes.

    RED TESTS are those that were good before; PAIRS are pairs of endpoints: lost, or still as
    designed. SETTLED is the time until nothing changed any more, HEALED the time after healing
    until all was as before, both as the tests see it. What is healed last is waited for: the next
    fault meets the fabric as it was. A cable loses carrier at both ends; where the backend cannot
    do that, it becomes a black hole, and the line says so.
    """
    from avdlab.faults.model import BLACKHOLE, DOWN
    from avdlab.faults.outages import single_faults
    from avdlab.faults.show import as_data, markdown, table

    shown = reporter(quiet=quiet)
    lab = Lab.open(inventory, name, reporter=shown)
    carrier = side or Capability.LINK_CARRIER in lab.backend.capabilities
    cut = DOWN if carrier else BLACKHOLE
    faults = single_faults(lab.topology(), links=links, nodes=nodes, cut=cut)
    limits = seconds(settle) if settle else None, seconds(budget)
    with lab.folder.locked(), stage(shown, "faults", len(faults)) as done:
        found = _measured(lab, faults, limits, shown, side=side)
        done(f"{len(found.outages)} of {len(faults)} faults tried")
    if output is not None:
        output.write_text(markdown(found, lab.folder.name), encoding="utf-8")
    if form == "table":
        click.echo(table(found))
    else:
        emit_json({"lab": lab.folder.name, **as_data(found)})
    if not found.complete:
        raise CannotRunError("the fabric did not recover from the last fault")


def _measured(
    lab: Lab,
    faults: "list[Any]",
    limits: tuple[float | None, float],
    shown: Reporter,
    *,
    side: bool,
) -> "Outages":
    from avdlab.faults.inject import LabFaults
    from avdlab.faults.outages import Bench
    from avdlab.faults.subject import LabSubject

    count = 0

    def progress(outage: Any) -> None:
        nonlocal count
        count += 1
        shown.stage_progress("faults", count, len(faults), str(outage.fault))

    settle, budget = limits
    if side:
        return Bench(_side(lab), settle or 0.0, budget).measure(faults, progress)
    instant = Capability.INSTANT in lab.backend.capabilities
    own = LabFaults(lab)
    for fault in faults:
        own.check(fault)
    subject = LabSubject(own, lab.validation(Reporter()), instant=instant)
    waits = settle if settle is not None else 0.0 if instant else 15.0
    with own.healing():
        return Bench(subject, waits, budget).measure(faults, progress)


def _side(lab: Lab) -> "SideSubject":
    """Return a twin of the lab as it is meant to be."""
    from avdlab.backends.twin.side import SideTwin
    from avdlab.faults.subject import SideSubject
    from avdlab.validate import Policy, Validation
    from avdlab.validate.access import in_process

    configs, suite = lab.configs(), lab.suite(drift=False)
    twin = SideTwin(lab.topology(), configs)
    access = in_process(twin.devices, twin.asker, twin.evidence, twin.trace)
    policy = Policy.of(configs, topology=lab.topology(), intent=suite.intent)
    return SideSubject(twin, configs, Validation(access, suite, policy, Reporter()))
