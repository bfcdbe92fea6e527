"""`avdlab twin compare`: recorded labs on the twin, entry by entry."""

from collections.abc import Sequence
from pathlib import Path

import click

from avdlab.cli.output import emit_json, emit_table
from avdlab.compare import report
from avdlab.compare.recording import Recording
from avdlab.compare.result import Comparison, Verdict, compare
from avdlab.errors import TestsFailedError


@click.command("compare")
@click.argument(
    "folders",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option("--details", is_flag=True, help="List every entry that is not equal.")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["table", "json", "markdown"]),
    default="table",
    envvar="AVDLAB_FORMAT",
    help="Form of the result on stdout.",
)
def command(folders: tuple[Path, ...], details: bool, form: str) -> None:
    """Run the recordings in FOLDERS on the twin and compare what it answers.

    A recording is a folder with configs/DEVICE/show_running-config.txt and show/DEVICE/*, as
    `avdlab record` and batfish/lab-validation write it. An entry (a route, a peer, an interface) is
    equal, explained (by a class of difference that names its source) or wrong. Exit code 4 if any
    is wrong.
    """
    compared = [_compared(folder) for folder in folders]
    if form == "json":
        emit_json({"recordings": [report.as_json(found) for found, _ in compared]})
    for found, remarks in compared if form != "json" else ():
        _show(found, remarks, form, details=details)
    if len(compared) > 1 and form != "json":
        _overview([found for found, _ in compared], form)
    wrong = {found.name: len(found.of(Verdict.WRONG)) for found, _ in compared}
    if any(wrong.values()):
        named = ", ".join(f"{count} in {name}" for name, count in wrong.items() if count)
        raise TestsFailedError(
            f"entries in which the twin differs from the recording: {named}",
            hint="" if details or form == "json" else "List them with --details.",
        )


def _compared(folder: Path) -> tuple[Comparison, Sequence[str]]:
    from avdlab.backends.twin.replay import replay

    recording = Recording.open(folder)
    replayed = replay(recording)
    return compare(recording, replayed.answer, replayed.text), replayed.remarks()


def _overview(found: Sequence[Comparison], form: str) -> None:
    if form == "markdown":
        click.echo(report.markdown_overview(found))
    else:
        emit_table(report.OVERVIEW, list(report.overview(found)))


def _show(found: Comparison, remarks: Sequence[str], form: str, *, details: bool) -> None:
    if form == "markdown":
        click.echo(report.markdown(found, remarks))
    else:
        click.echo(f"{found.name}: {report.summary(found)}")
        emit_table(report.COLUMNS, list(report.rows(found)))
        for text in (*remarks, *report.unjudged(found)):
            click.echo(f"  {text}")
    if details:
        for line in report.details((*found.of(Verdict.EXPLAINED), *found.of(Verdict.WRONG))):
            click.echo(line)
