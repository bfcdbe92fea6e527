"""`avdlab generate`: an inventory of a fabric of the size that was asked for."""

from pathlib import Path

import click

from avdlab.errors import InputError, Problem


@click.command("generate")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option("--spines", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option("--leaves", type=click.IntRange(1, 2000), default=4, show_default=True)
@click.option(
    "--access", type=click.IntRange(0, 1000), default=0, help="Layer 2 switches below the leaves."
)
@click.option("--vrfs", type=click.IntRange(0, 100), default=1, show_default=True)
@click.option(
    "--vlans", type=click.IntRange(0, 1000), default=2, show_default=True, help="Of each VRF."
)
@click.option(
    "--underlay",
    type=click.Choice(["ebgp", "ospf", "isis"]),
    default="ebgp",
    show_default=True,
    help="The overlay is eBGP with eBGP, and iBGP with the others.",
)
@click.option("--mlag/--no-mlag", default=True, help="Leaves in pairs, or each on its own.")
@click.option("--name", default="FABRIC", show_default=True, help="Of the fabric.")
def command(
    folder: Path,
    spines: int,
    leaves: int,
    access: int,
    vrfs: int,
    vlans: int,
    underlay: str,
    mlag: bool,
    name: str,
) -> None:
    """Write the AVD inventory of a leaf-spine fabric into FOLDER: to try out, or to measure.

    \b
    avdlab generate lab --spines 4 --leaves 200
    cd lab && avdlab up
    """
    from avdlab.inventory.generated import Plan, files

    plan = Plan(name, spines, leaves, access, vrfs, vlans, underlay, mlag)
    problems = list(plan.problems())
    if not name.isidentifier():
        problems.append(f"{name} is no name of an Ansible group: letters, digits and _")
    texts = files(plan) if not problems else {}
    problems += [f"{folder / path} is there already" for path in texts if (folder / path).exists()]
    if problems:
        raise InputError([Problem(text) for text in problems])
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
        click.echo(f"written: {folder / path}")
    place = "" if folder == Path() else f"cd {folder} && "
    click.echo(f"{plan.devices} devices. Next: {place}avdlab up")
