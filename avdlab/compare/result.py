"""A recording against answers: every entry is equal, explained or wrong."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from avdlab.compare import rules
from avdlab.compare.differ import ABSENT, Difference, differences, flat, leaves
from avdlab.compare.explained import Case, explain
from avdlab.compare.normal import normal
from avdlab.compare.recording import RecordedDevice, Recording
from avdlab.compare.tables import Entries, Table, entries, table_of
from avdlab.compare.texts import facts
from avdlab.net.release import Release

Answer = Callable[[str, str], dict[str, Any]]  # device, command -> JSON
Text = Callable[[str, str], str]  # device, command -> text
_MODEL = Release(4, 30)  # keys that older recordings lack cannot be judged by them


class Verdict(StrEnum):
    EQUAL = "equal"
    EXPLAINED = "explained"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Entry:
    """One compared entry. `keys` counts the compared keys, `why` names the class of difference."""

    device: str
    table: str
    name: str
    verdict: Verdict
    keys: int
    differences: tuple[Difference, ...] = ()
    why: str = ""

    @property
    def key(self) -> str:
        return f"{self.device} {self.name}"


@dataclass(frozen=True)
class Comparison:
    """All entries of a recording, and what could not be judged: keys that are newer than its
    release, and commands whose text nothing here reads."""

    name: str
    entries: tuple[Entry, ...]
    newer_keys: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unread: tuple[str, ...] = ()

    def counts(self) -> dict[str, Counter[Verdict]]:
        """Return table -> verdict -> number of entries, in the order of the recording."""
        found: dict[str, Counter[Verdict]] = {}
        for entry in self.entries:
            found.setdefault(entry.table, Counter())[entry.verdict] += 1
        return found

    def of(self, verdict: Verdict) -> tuple[Entry, ...]:
        """Return the entries with a verdict."""
        return tuple(entry for entry in self.entries if entry.verdict is verdict)

    @property
    def explained_share(self) -> float:
        """The part of all entries that differ for a reason that is understood."""
        return len(self.of(Verdict.EXPLAINED)) / max(len(self.entries), 1)


def compare(recording: Recording, answer: Answer, text: Text) -> Comparison:
    """Ask for everything that was recorded, and compare key by key; texts by the facts in them."""
    recorded = {name: list(_recorded(device)) for name, device in sorted(recording.devices.items())}
    printed: dict[str, set[str]] = {}
    for outputs in recorded.values():
        for output in outputs:
            known = printed.setdefault(output.table.name, set())
            known.update(path for entry in output.found.values() for path, _ in flat(entry, ""))
    compared: list[Entry] = []
    newer: dict[str, set[str]] = {}
    unread: dict[str, None] = {}
    for name, outputs in recorded.items():
        for output in outputs:
            if output.unread:
                unread[output.command] = None
                continue
            pair = _Pair(
                recording.devices[name],
                output.table,
                output.found,
                _asked(output, name, answer, text),
                printed[output.table.name],
                newer.setdefault(output.table.name, set()),
            )
            compared += pair.compared()
    unjudged = {table: frozenset(keys) for table, keys in newer.items() if keys}
    return Comparison(recording.name, tuple(compared), unjudged, tuple(unread))


@dataclass(frozen=True, slots=True)
class _Recorded:
    """One recorded output, cut into entries. `unread`: a text that nothing here reads."""

    command: str
    table: Table
    found: Entries
    is_text: bool = False
    unread: bool = False


def _recorded(device: RecordedDevice) -> Iterator[_Recorded]:
    for output in device.outputs():
        table = table_of(output.command)
        if output.data is not None:
            yield _Recorded(output.command, table, _normal(table, entries(table, output.data)))
            continue
        found = facts(output.command, output.text)
        of_text = Table(f"{table.name}, text", table.commands, ())
        if found is not None:
            yield _Recorded(output.command, of_text, found, is_text=True)
        elif output.text.strip() and table.name != "version":
            yield _Recorded(output.command, of_text, {}, unread=True)


def _asked(output: _Recorded, device: str, answer: Answer, text: Text) -> Entries:
    if output.is_text:
        return facts(output.command, text(device, output.command)) or {}
    return _normal(output.table, entries(output.table, answer(device, output.command)))


def _normal(table: Table, found: Entries) -> Entries:
    return {name: normal(table.name, entry) for name, entry in found.items()}


@dataclass(slots=True)
class _Pair:
    """One command of one device, both ways."""

    device: RecordedDevice
    table: Table
    recorded: Entries
    computed: Entries
    printed: set[str]  # all keys that the recording has in this table
    newer: set[str]

    def compared(self) -> Iterator[Entry]:
        for name in dict.fromkeys((*self.recorded, *self.computed)):
            one, two = self.recorded.get(name, ABSENT), self.computed.get(name, ABSENT)
            keys, found = differences(leaves(one, two, self._wanted))
            found = [difference for difference in found if self._counts(difference)]
            if keys:
                yield self._judged(name, keys, found)

    def _wanted(self, path: str) -> bool:
        return rules.compared(self.table.name, path)

    @property
    def _old(self) -> bool:
        return self.device.release is not None and self.device.release < _MODEL

    def _counts(self, difference: Difference) -> bool:
        """Leave out what a change of releases accounts for."""
        if not self._old:
            return True
        if difference.recorded is ABSENT and difference.path not in self.printed:
            self.newer.add(difference.path)
            return False
        return not rules.reason(rules.GONE_SINCE, self.table.name, difference.path)

    def _judged(self, name: str, keys: int, found: list[Difference]) -> Entry:
        head = (self.device.name, self.table.name, name)
        if not found:
            return Entry(*head, Verdict.EQUAL, keys)
        case = Case(
            self.table.name,
            name,
            self.device.release,
            self.recorded.get(name) or {},
            self.computed.get(name) or {},
            tuple(found),
            self.recorded,
            self.computed,
        )
        known = explain(case)
        verdict = Verdict.WRONG if known is None else Verdict.EXPLAINED
        return Entry(*head, verdict, keys, tuple(found), known.name if known else "")
