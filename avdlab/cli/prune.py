"""`avdlab prune`: remove what killed runs and removed folders left behind."""

from dataclasses import asdict

import click

from avdlab.cli import options
from avdlab.cli.output import emit


@click.command("prune")
@click.option("--check", is_flag=True, help="Only say what would be removed.")
@click.option("--cache", is_flag=True, help="Empty the cache of rendered devices, too.")
@options.formats_option
def command(check: bool, cache: bool, form: str) -> None:
    """Remove leftovers of labs that are none any more; a lab that is up is never touched.

    Folders that became no lab or were half removed, twin processes whose lab's folder is gone, and
    entries of the host-wide list (~/.local/state/avdlab/labs.json) that lead nowhere.
    """
    from avdlab.housekeeping import leftovers, prune

    found = leftovers() if check else prune()
    rows = [{"kind": item.kind, "what": item.what} for item in found]
    entries = 0 if check else _cache(empty=cache)
    verb = "would be removed" if check else "removed"
    text = f"{len(rows)} leftovers {verb}" if rows else "nothing was left behind"
    lines = [text] + ([f"{entries} cache entries removed"] if entries else [])
    data = {"check": check, "leftovers": [asdict(item) for item in found], "cache": entries}
    emit(form, data, rows, *lines)


def _cache(*, empty: bool) -> int:
    """Remove old entries, or all; return how many."""
    import shutil

    from avdlab.cache import cache_folder, forget_old

    if not empty:
        return forget_old()
    count = sum(1 for _ in cache_folder().rglob("*.json"))
    shutil.rmtree(cache_folder(), ignore_errors=True)
    return count
