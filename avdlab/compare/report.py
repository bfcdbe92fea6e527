"""A comparison for people and for machines: rows, details, Markdown, JSON."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from avdlab.compare.result import Comparison, Entry, Verdict

COLUMNS = ("table", "compared", "equal", "explained", "wrong")


def rows(comparison: Comparison) -> Iterator[tuple[str, int, int, int, int]]:
    """Yield a row for each table of one recording, the sum last."""
    total: Counter[Verdict] = Counter()
    for table, counts in comparison.counts().items():
        total += counts
        yield (table, *_cells(counts))
    yield ("all", *_cells(total))


def _cells(counts: Counter[Verdict]) -> tuple[int, int, int, int]:
    equal, explained, wrong = (counts[verdict] for verdict in Verdict)
    return counts.total(), equal, explained, wrong


_OVERVIEW = ("sessions", "routes", "bgp", "evpn", "interfaces", "ospf", "isis")
OVERVIEW = ("recording", *_OVERVIEW, "all tables", "explained", "wrong")


def overview(comparisons: Iterable[Comparison]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each recording: equal of compared entries by table, JSON only, and the sums
    over all tables, texts too."""
    for comparison in comparisons:
        counts = comparison.counts()
        cells = [_share(counts[table]) if table in counts else "-" for table in _OVERVIEW]
        total = sum(counts.values(), Counter())
        explained, wrong = str(total[Verdict.EXPLAINED]), str(total[Verdict.WRONG])
        yield (comparison.name, *cells, _share(total), explained, wrong)


def _share(counts: Counter[Verdict]) -> str:
    return f"{counts[Verdict.EQUAL]}/{counts.total()}"


def summary(comparison: Comparison) -> str:
    """Return one line about the whole recording."""
    keys = sum(entry.keys for entry in comparison.entries)
    return f"{keys} keys compared, {comparison.explained_share:.1%} of the entries explained"


def details(found: Iterable[Entry], limit: int = 4) -> Iterator[str]:
    """Yield lines that say what differs, entry by entry."""
    for entry in found:
        why = f" ({entry.why})" if entry.why else ""
        yield f"{entry.device}, {entry.table}, {entry.name}: {entry.verdict}{why}"
        for difference in entry.differences[:limit]:
            yield f"    {difference}"
        if len(entry.differences) > limit:
            yield f"    and {len(entry.differences) - limit} more keys"


def unjudged(comparison: Comparison) -> list[str]:
    """Return what the recording could not judge."""
    lines = [
        f"{table}: keys newer than the recording, not judged: {len(keys)}"
        for table, keys in comparison.newer_keys.items()
    ]
    if comparison.unread:
        lines.append(f"texts that were not compared: {', '.join(comparison.unread)}")
    return lines


def markdown(comparison: Comparison, remarks: Sequence[str]) -> str:
    """Return the section of one recording for a page of documentation."""
    lines = [f"### {comparison.name}", "", f"{summary(comparison)}.", ""]
    lines += _markdown_table(COLUMNS, rows(comparison))
    classes = Counter(entry.why for entry in comparison.of(Verdict.EXPLAINED))
    said = [f"explained: {why} ({count})" for why, count in sorted(classes.items())]
    said += [*remarks, *unjudged(comparison)]
    lines += ["", *(f"* {text}" for text in said)] if said else []
    return "\n".join(lines) + "\n"


def markdown_overview(comparisons: Iterable[Comparison]) -> str:
    """Return the table over all recordings for a page of documentation."""
    return "\n".join(_markdown_table(OVERVIEW, overview(comparisons))) + "\n"


def _markdown_table(heads: Sequence[str], found: Iterable[Sequence[object]]) -> list[str]:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    return [*lines, *(f"| {' | '.join(str(cell) for cell in row)} |" for row in found)]


def as_json(comparison: Comparison) -> dict[str, object]:
    """Return everything as plain JSON values."""
    return {
        "name": comparison.name,
        "tables": {
            row[0]: dict(zip(COLUMNS[1:], row[1:], strict=True)) for row in rows(comparison)
        },
        "explained_share": round(comparison.explained_share, 4),
        "differences": [
            {
                "device": entry.device,
                "table": entry.table,
                "entry": entry.name,
                "verdict": entry.verdict.value,
                "why": entry.why,
                "keys": [
                    {"key": d.path, "recorded": _plain(d.recorded), "twin": _plain(d.computed)}
                    for d in entry.differences
                ],
            }
            for entry in comparison.entries
            if entry.verdict is not Verdict.EQUAL
        ],
        "newer_keys": {table: sorted(keys) for table, keys in comparison.newer_keys.items()},
        "texts_not_compared": list(comparison.unread),
    }


def _plain(value: object) -> object:
    return json.loads(json.dumps(value, default=repr))
