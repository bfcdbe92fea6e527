"""`avdlab mutate`: the measured score of the tests of one's own fabric."""

from pathlib import Path

import click

from avdlab.cli import options
from avdlab.cli.output import emit_json
from avdlab.cli.progress import reporter
from avdlab.events import stage
from avdlab.lab import Lab


@click.command("mutate")
@options.inventory_option
@options.name_option
@click.option("--samples", default=2, help="Faults of each kind, on different devices [2].")
@click.option("--all", "everything", is_flag=True, help="Every place of every kind.")
@click.option("--only", multiple=True, metavar="NAME", help="Only faults of this name.")
@click.option("--workers", default=0, help="Processes [one per processor].")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write Markdown here."
)
@options.format_option
@options.quiet_option
def command(
    inventory: Path | None,
    name: str | None,
    samples: int,
    everything: bool,
    only: tuple[str, ...],
    workers: int,
    output: Path | None,
    form: str,
    quiet: bool,
) -> None:
    """Inject faults of every class into a twin of the fabric, and say which tests turn red.

    Runs beside the lab, in processes of its own: the running lab is not touched. What is measured
    is the suite of `avdlab test`, your own catalogs included, without the comparison of running
    with intended configurations.
    """
    from avdlab.faults.mutate import Bench, Fabric, measure
    from avdlab.faults.score import as_data, markdown, table

    shown = reporter(quiet=quiet)
    lab = Lab.open(inventory, name, reporter=shown)
    fabric = Fabric(
        lab.topology(),
        lab.configs(),
        lab.catalogs(),
        lab.structured(),
        tuple(test for test in lab.suite(drift=False).tests if test.source == "user"),
        lab.root,
    )
    chosen = Bench(fabric).mutations(samples=0 if everything else samples, names=only)
    with stage(shown, "mutate", len(chosen)) as done:
        score = measure(
            fabric,
            chosen,
            workers=workers,
            progress=lambda n, total, what: shown.stage_progress("mutate", n, total, what),
        )
        done(f"{len(score.caught)} of {len(score.valid)} faults noticed")
    if output is not None:
        output.write_text(markdown(score, lab.folder.name), encoding="utf-8")
    if form == "json":
        emit_json({"lab": lab.folder.name, **as_data(score)})
    else:
        click.echo(table(score))
