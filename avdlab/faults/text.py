"""Edits of a configuration text: one line of one section, found by patterns."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConfigText:
    """An indented EOS configuration. Every edit returns a new text, or None where nothing fits.

    A section is named by the patterns of its header lines, the outermost first; a pattern must
    match a line as a whole, without its indentation.
    """

    text: str

    def lines(self, *section: str, pattern: str = ".*") -> Iterator[re.Match[str]]:
        """Yield the matches of a pattern among the lines of a section, not of its subsections."""
        found = self._find(section)
        if found is not None:
            rows = self.text.splitlines()
            for number in self._own(rows, *found):
                match = re.fullmatch(pattern, rows[number].strip())
                if match:
                    yield match

    def sections(self, *section: str, pattern: str) -> Iterator[re.Match[str]]:
        """Yield the headers of subsections that match a pattern."""
        rows = self.text.splitlines()
        found = self._find(section)
        for number in self._own(rows, *found) if found else ():
            match = re.fullmatch(pattern, rows[number].strip())
            if (
                match
                and number + 1 < len(rows)
                and _indent(rows[number + 1]) > _indent(rows[number])
            ):
                yield match

    def replace(self, *section: str, pattern: str, by: str) -> str | None:
        """Replace the first line that matches; groups of the pattern may be used."""
        rows = self.text.splitlines()
        found = self._find(section)
        for number in self._own(rows, *found) if found else ():
            match = re.fullmatch(pattern, rows[number].strip())
            if match:
                rows[number] = " " * _indent(rows[number]) + match.expand(by)
                return "\n".join(rows) + "\n"
        return None

    def delete(self, *section: str, pattern: str) -> str | None:
        """Remove the first line that matches, with what stands below it."""
        rows = self.text.splitlines()
        found = self._find(section)
        for number in self._own(rows, *found) if found else ():
            if re.fullmatch(pattern, rows[number].strip()):
                end = number + 1
                while end < len(rows) and _indent(rows[end]) > _indent(rows[number]):
                    end += 1
                return "\n".join(rows[:number] + rows[end:]) + "\n"
        return None

    def add(self, *section: str, line: str) -> str | None:
        """Add a line at the top of a section."""
        rows = self.text.splitlines()
        found = self._find(section)
        if found is None:
            return None
        start, _, indent = found
        rows.insert(start, " " * indent + line)
        return "\n".join(rows) + "\n"

    def _find(self, section: tuple[str, ...]) -> tuple[int, int, int] | None:
        """Return first line, end and indentation of a section's content."""
        rows = self.text.splitlines()
        start, end, indent = 0, len(rows), 0
        for header in section:
            place = next(
                (
                    number
                    for number in self._own(rows, start, end, indent)
                    if re.fullmatch(header, rows[number].strip())
                ),
                None,
            )
            if place is None:
                return None
            start = place + 1
            last = start
            while last < end and (_indent(rows[last]) > indent):
                last += 1
            end = last
            indent += 3
        return start, end, indent

    @staticmethod
    def _own(rows: list[str], start: int, end: int, indent: int) -> Iterator[int]:
        """Yield the numbers of a section's own lines."""
        for number in range(start, end):
            if _indent(rows[number]) == indent and rows[number].strip() != "!":
                yield number


def _indent(row: str) -> int:
    return len(row) - len(row.lstrip())
