"""The mutation score as a table, Markdown and data."""

from collections.abc import Iterator, Sequence
from typing import Any

from avdlab.faults.mutate import Measured, Score
from avdlab.faults.mutation import NOT_EXPRESSED, ROWS
from avdlab.validate.catalog import Source

_OURS = (Source.AVDLAB, Source.FABRIC)


def rows(score: Score) -> Iterator[tuple[int, str, tuple[Measured, ...]]]:
    """Yield number, title and measured mutations of every class of faults."""
    for number, title in ROWS.items():
        yield number, title, tuple(m for m in score.valid if m.mutation.row == number)


def table(score: Score) -> str:
    """Return the score for a terminal: a line per class, then what nobody noticed."""
    lines = [f"{'CLASS':<44}{'FAULTS':>7}{'AVD':>6}{'ALL':>6}"]
    for number, title, found in rows(score):
        if found:
            counts = (len(found), _stock(found), _noticed(found))
            lines.append(f"{number:>3} {title:<40}" + "{:>7}{:>6}{:>6}".format(*counts))
        else:
            lines.append(f"{number:>3} {title:<40}      -  {_why(number)}")
    valid = score.valid
    lines.append(f"{'all':<44}{len(valid):>7}{_stock(valid):>6}{_noticed(valid):>6}")
    lines.append(
        "AVD: AVD's catalog alone under stock ANTA. ALL: everything that avdlab test runs."
    )
    for item in score.measured:
        if item.problem:
            lines.append(f"not measured: {item.mutation.name} {item.mutation.what}: {item.problem}")
        elif not item.noticed:
            lines.append(f"not noticed: {item.mutation.name} {item.mutation.what}")
    lines += [f"red without any fault: {test.device} {test.test}" for test in score.clean]
    return "\n".join(lines)


def markdown(score: Score, name: str) -> str:
    """Return the score as a page: per class which tests turned red, AVD's catalog and ours."""
    valid = score.valid
    counts = ", ".join(f"{count} {source}" for source, count in sorted(score.tests.items()))
    lines = [
        f"# Mutation score of {name}",
        "",
        f"{len(valid)} faults injected one at a time into a twin of the fabric, {counts} tests. "
        f"AVD's catalog alone under stock ANTA notices **{_stock(valid)}**, "
        f"everything together **{_noticed(valid)}**.",
        "",
        "| # | class | faults | AVD's catalog, stock ANTA | AVD's catalog, our policy | ours |",
        "|---|---|---|---|---|---|",
    ]
    for number, title, found in rows(score):
        if not found:
            lines.append(f"| {number} | {title} | - | {_why(number)} | | |")
            continue
        stock = _cell(_stock(found), len(found), _all(m.stock for m in found))
        avd = [m.by(Source.AVD) for m in found]
        ours = [m.by(*_OURS, Source.USER) for m in found]
        cells = (
            stock,
            _cell(sum(bool(x) for x in avd), len(found), _all(avd)),
            _cell(sum(bool(x) for x in ours), len(found), _all(ours)),
        )
        kinds = ", ".join(dict.fromkeys(m.mutation.name for m in found))
        lines.append(f"| {number} | {title}<br>{kinds} | {len(found)} | {' | '.join(cells)} |")
    lines += _missed(score)
    return "\n".join(lines) + "\n"


def _missed(score: Score) -> Iterator[str]:
    missed = [m for m in score.valid if not m.noticed]
    yield ""
    if missed:
        yield "Not noticed by any test:"
        yield ""
        yield from (f"- {m.mutation.title}: {m.mutation.what}" for m in missed)
    else:
        yield "Every injected fault was noticed."
    if score.clean:
        yield ""
        yield "Red without any fault, and therefore not counted:"
        yield ""
        yield from (f"- {t.device} {t.test}" for t in score.clean)


def as_data(score: Score) -> dict[str, Any]:
    """Return the score as data for `-f json`."""
    return {
        "faults": len(score.valid),
        "noticed": len(score.caught),
        "noticed_by_avd": _stock(score.valid),
        "tests": dict(score.tests),
        "red_without_fault": [f"{test.device} {test.test}" for test in score.clean],
        "mutations": [_item(item) for item in score.measured],
    }


def _item(item: Measured) -> dict[str, Any]:
    mutation = item.mutation
    return {
        "class": mutation.row,
        "name": mutation.name,
        "title": mutation.title,
        "what": mutation.what,
        "noticed": bool(item.noticed),
        "problem": item.problem,
        "stock_anta": list(item.stock),
        "avd": list(item.by(Source.AVD)),
        "avdlab": list(item.by(*_OURS)),
        "user": list(item.by(Source.USER)),
    }


def _why(number: int) -> str:
    return NOT_EXPRESSED.get(number, "the fabric has no place for it")


def _stock(found: Sequence[Measured]) -> int:
    return sum(bool(item.stock) for item in found)


def _noticed(found: Sequence[Measured]) -> int:
    return sum(bool(item.noticed) for item in found)


def _all(names: "Sequence[tuple[str, ...]] | Iterator[tuple[str, ...]]") -> list[str]:
    return sorted({name for found in names for name in found})


def _cell(count: int, total: int, tests: Sequence[str]) -> str:
    """Say how many, and by which tests."""
    if not count:
        return "-"
    share = "" if count == total else f"{count} of {total}: "
    return share + ", ".join(test.removeprefix("Verify") for test in tests)
