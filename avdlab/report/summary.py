"""Results as Markdown, for the summary page of a CI run."""

from collections.abc import Iterator, Sequence

from avdlab.report.states import by_device
from avdlab.validate.model import Pair, Results, TestResult, Verdict

_SHOWN = 100  # failed tests, and wrong pairs, that are written out: CI systems cut long pages
_COLUMNS = (Verdict.PASSED_COMPUTED, Verdict.PASSED_MIRROR, Verdict.NOT_APPLICABLE)


def render(results: Results) -> str:
    """Return the page."""
    failed = results.failed
    said = f"{len(failed)} of {len(results.tests)} tests failed" if failed else "all tests passed"
    lines = [
        f"# Validation of {results.lab}: {said}",
        "",
        "| device | passed | config mirror | not applicable | failed |",
        "|---|--:|--:|--:|--:|",
        *(_row(device, tests) for device, tests in by_device(results).items()),
        _row("all", results.tests),
    ]
    lines += [*_failed(failed), *_matrix(results.pairs)]
    lines += ["", *(f"- {note}" for note in results.notes)] if results.notes else []
    return "\n".join(lines) + "\n"


def _row(name: str, tests: Sequence[TestResult]) -> str:
    counts = [sum(test.verdict is verdict for test in tests) for verdict in _COLUMNS]
    cells = (*counts, len(tests) - sum(counts))
    return f"| {name.replace('|', '&#124;')} | {' | '.join(map(str, cells))} |"


def _failed(failed: Sequence[TestResult]) -> Iterator[str]:
    if not failed:
        return
    yield from ("", "## Failed tests")
    for test in failed[:_SHOWN]:
        yield from ("", f"**{test.device} {test.test}**: {test.verdict.words}")
        yield from ("", *_quoted(test.messages))
    if len(failed) > _SHOWN:
        yield from ("", f"... and {len(failed) - _SHOWN} more.")


def _quoted(messages: Sequence[str]) -> Iterator[str]:
    """Indent, which no text can end, so that nothing in it is read as Markdown."""
    for text in messages:
        yield from (f"    {line}" for line in text.splitlines())


def _matrix(pairs: Sequence[Pair]) -> Iterator[str]:
    if not pairs:
        return
    wrong = [pair for pair in pairs if not pair.good]
    judged = [pair for pair in pairs if pair.reachable is not None]
    reachable = sum(pair.good for pair in judged if pair.reachable)
    apart = sum(pair.good for pair in judged if not pair.reachable)
    yield from ("", "## Endpoints", "")
    yield (
        f"{len(pairs)} pairs: {reachable} reachable and {apart} kept apart as designed, "
        f"{len(wrong)} wrong, {len(pairs) - len(judged)} that the design leaves open."
    )
    for pair in wrong[:_SHOWN]:
        yield from ("", *_quoted((pair.words, *(f"  {line}" for line in pair.lines))))
    if len(wrong) > _SHOWN:
        yield from ("", f"... and {len(wrong) - _SHOWN} more.")
