"""Make docs/twin-coverage.md: what the twin answers and models, read from its registries.

Run: `python tools/twin_coverage.py`. A test fails while the page is not what this script makes.
"""

import importlib
import inspect
import pkgutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anta.tests
from anta.models import AntaCommand, AntaTemplate, AntaTest

from avdlab.twin.cli.commands import COMMANDS as EXEC
from avdlab.twin.cli.pipes import take_apart
from avdlab.twin.cli.show.catalog import COMMANDS, find
from avdlab.twin.cli.show.registry import Level, ShowCommand
from avdlab.twin.config.read.management import MIRRORED
from avdlab.twin.config.read.root import TOP
from avdlab.twin.config.read.table import Commands

PAGE = Path(__file__).resolve().parent.parent / "docs" / "twin-coverage.md"
# values for what ANTA's command templates leave open
_SPECIMENS = {
    "{vrf}": "default",
    "{prefix}": "10.255.0.1/32",
    "{route}": "10.255.0.1",
    "{address}": "10.1.10.1",
    "{destination}": "10.255.0.1",
    "{peer}": "10.0.1.0",
    "{vni}": "10010",
    "{vlan}": "10",
    "{size}": "100",
    "{repeat}": "1",
    "{severity_level}": "informational",
    "{log_history_depth}": "last 10 minutes",
    "{capacity_utilization_threshold}": "75",
    "{source_address}": "10.0.0.1",
    "{source_port}": "4500",
    "{domain}": "example.com",
    "{flash_memory}": "flash:",
    "{command}": "show file systems",
    "{source}": "",
    "{df_bit}": "",
}
_MEANING = {
    Level.ACCEPTED: "accepted, without effect: always empty",
    Level.MIRRORED: "from the node's own configuration, or a constant",
    Level.COMPUTED: "computed from the state of the whole fabric",
    Level.VERIFIED: "computed, and compared with recordings of real EOS",
    Level.LIVE: "a real device answered",
}


# ---------------------------------------------------------------------------------- ANTA
def tests() -> dict[str, type[AntaTest]]:
    """Return ANTA's tests by name, without the security advisories."""
    found: dict[str, type[AntaTest]] = {}
    for module in pkgutil.walk_packages(anta.tests.__path__, "anta.tests."):
        if ".advisories" in module.name:
            continue
        for name, value in inspect.getmembers(importlib.import_module(module.name)):
            if inspect.isclass(value) and issubclass(value, AntaTest):
                found |= {name: value} if value.__module__ == module.name else {}
    return dict(sorted(found.items()))


def specimen(command: AntaCommand | AntaTemplate) -> str:
    """Return a command line that the test may ask."""
    text = command.template if isinstance(command, AntaTemplate) else command.command
    for placeholder, value in _SPECIMENS.items():
        text = text.replace(placeholder, value)
    return " ".join(text.split())


def answer(command: AntaCommand | AntaTemplate) -> Level | None:
    """Return the level of the answer, None where there is none in that format and revision."""
    words = take_apart(specimen(command)).command
    if any(entry.pattern.match(words) is not None for entry in EXEC):
        return Level.MIRRORED
    found = find(words)
    if found is None or (command.ofmt == "json" and found[0].json is None):
        return None
    return found[0].level if command.revision in (None, found[0].revision) else None


def answerable(test: type[AntaTest]) -> bool:
    """Tell whether the twin answers all commands of a test."""
    return all(answer(command) is not None for command in test.commands)


def level(test: type[AntaTest]) -> Level:
    """Return the level of a test: that of its best answer."""
    return max(found for command in test.commands if (found := answer(command)) is not None)


# ---------------------------------------------------------------------------------- the page
def page() -> str:
    """Return the whole page."""
    return "\n".join([*_head(), *_anta(), *_commands(), *_lines()]) + "\n"


def _head() -> Iterator[str]:
    yield "# What the twin answers and models"
    yield ""
    yield "Made by `tools/twin_coverage.py` from the twin's own registries; do not edit."
    yield "[twin.md](twin.md) tells what the levels mean. `avdlab twin coverage` counts, for a"
    yield "running lab, its configuration lines and the commands that it was asked."
    yield ""
    counts = Counter(command.level for command in COMMANDS)
    yield "| level | show commands | |"
    yield "|---|---|---|"
    for found, count in sorted(counts.items()):
        yield f"| {found.value} | {count} | {_MEANING[found]} |"
    yield ""


def _anta() -> Iterator[str]:
    known = tests()
    answered = {name: test for name, test in known.items() if answerable(test)}
    yield "## ANTA's tests"
    yield ""
    share = f"{len(answered)} of the {len(known)}"
    yield f"The twin answers every command of {share} tests of ANTA's catalogue (its security"
    yield "advisories are not counted). A test is worth what its best answer is worth:"
    yield ""
    counts = Counter(level(test) for test in answered.values())
    yield "| level | tests |"
    yield "|---|---|"
    for found, count in sorted(counts.items()):
        yield f"| {found.value} | {count} |"
    yield ""
    yield "Not answered, and so refused as an unknown command is:"
    yield ""
    for name, test in known.items():
        if name not in answered:
            missing = [specimen(c) for c in test.commands if answer(c) is None]
            yield f"* {name}: {', '.join(f'`{words}`' for words in missing)}"
    yield ""


def _commands() -> Iterator[str]:
    yield "## Show commands"
    yield ""
    yield "Text `generic` is the JSON laid out as `key: value` lines."
    yield ""
    yield "| command | level | JSON revision | text | |"
    yield "|---|---|---|---|---|"
    for command in sorted(COMMANDS, key=lambda entry: entry.pattern.text):
        yield _row(command)
    yield ""


def _row(command: ShowCommand) -> str:
    revision = str(command.revision) if command.json is not None else "-"
    text = "EOS" if command.text is not None else "generic"
    words = command.pattern.text.replace("|", "\\|")
    return f"| `{words}` | {command.level.value} | {revision} | {text} | {command.note} |"


def _lines() -> Iterator[str]:
    yield "## Configuration commands"
    yield ""
    yield "What a reader of the engine takes in (modelled), and what show commands mirror."
    yield "Everything else that EOS knows is accepted, kept and echoed; the rest is rejected."
    for title, table in (("Modelled", TOP), ("Mirrored", MIRRORED)):
        yield ""
        yield f"### {title}"
        yield ""
        yield "```"
        yield from _table(table, 0, frozenset())
        yield "```"


def _table(table: Commands[Any], depth: int, above: frozenset[int]) -> Iterator[str]:
    if id(table) in above:
        return
    for text, opens in table.patterns():
        yield "   " * depth + text
        if opens is not None:
            yield from _table(opens, depth + 1, above | {id(table)})


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
