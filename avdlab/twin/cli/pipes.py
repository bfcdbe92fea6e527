"""The pipe of the EOS command line: `| include X`, `| section X`, `| json`, `| no-more`."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from avdlab.twin.cli.outcome import Code, CommandError, invalid

Filter = Callable[[str], str]
_CALM = {"no-more", "nz", "count"}


@dataclass(frozen=True, slots=True)
class Piped:
    """A command line taken apart. `json` and `text` are forms asked for in the pipe itself."""

    command: str
    filters: tuple[Filter, ...] = ()
    json: bool = False
    text: bool = False

    def apply(self, output: str) -> str:
        """Run the text through the filters, left to right."""
        for run in self.filters:
            output = run(output)
        return output


def take_apart(line: str) -> Piped:
    """Split a command line at its pipes. Raises CommandError for a filter that EOS lacks."""
    words = line.split()
    if "|" not in words:
        return Piped(" ".join(words))
    start = words.index("|")
    return _filtered(" ".join(words[:start]), words, start)


def _filtered(command: str, words: list[str], start: int) -> Piped:
    filters: list[Filter] = []
    forms: set[str] = set()
    for position, stage in _stages(words, start):
        if not stage:
            raise CommandError(Code.INVALID, f"Incomplete command (at token {position - 1}: '|')")
        name = _keyword(stage[0], position)
        if name in {"json", "text"}:
            forms.add(name)
        elif name not in _CALM or name == "count":
            filters.append(_filter(name, stage[1:], position))
    return Piped(command, tuple(filters), "json" in forms, "text" in forms)


def _stages(words: list[str], start: int) -> list[tuple[int, list[str]]]:
    """Return each stage with the position of its first word."""
    stages: list[tuple[int, list[str]]] = []
    for position, word in enumerate(words[start:], start=start):
        if word == "|":
            stages.append((position + 1, []))
        else:
            stages[-1][1].append(word)
    return stages


_FULL = (
    *("include", "exclude", "begin", "section", "grep", "head", "tail", "count"),
    *("json", "text", "no-more", "nz"),
)
_LINES = 10  # of head and tail, as in a shell


def _keyword(word: str, position: int) -> str:
    found = [full for full in _FULL if full == word] or [f for f in _FULL if f.startswith(word)]
    if len(found) != 1:
        raise invalid(position, word)
    return found[0]


def _filter(name: str, words: list[str], position: int) -> Filter:
    if name == "count":
        return lambda text: f"{len(text.splitlines())}\n"
    if name in {"head", "tail"}:
        return _ends(name, words, position)
    if name == "grep" and words[:1] in (["-v"], ["-i"]):
        name, words = ("exclude", words[1:]) if words[0] == "-v" else ("include", words[1:])
    if not words:
        raise CommandError(Code.INVALID, f"Incomplete command (at token {position}: '{name}')")
    pattern = regex(" ".join(words))
    match name:
        case "exclude":
            return lambda text: _keep(text, lambda line: not pattern.search(line))
        case "begin":
            return lambda text: _from_first(text, pattern)
        case "section":
            return lambda text: sections(text, pattern)
    return lambda text: _keep(text, lambda line: bool(pattern.search(line)))


def _ends(name: str, words: list[str], position: int) -> Filter:
    """`| tail`, `| head -n 5`, `| head -5`: the first or the last lines."""
    given = "".join(words).removeprefix("-n").removeprefix("-")
    if given and not given.isdigit():
        raise invalid(position + 1, words[0])
    count = int(given or _LINES)
    if name == "head":
        return lambda text: "".join(f"{line}\n" for line in text.splitlines()[:count])
    return lambda text: "".join(f"{line}\n" for line in _last(text.splitlines(), count))


def _last(lines: list[str], count: int) -> list[str]:
    return lines[max(len(lines) - count, 0) :]


def regex(text: str) -> re.Pattern[str]:
    """Compile an expression as typed, quotes around it dropped. Raises CommandError."""
    try:
        return re.compile(text.strip("\"'"))
    except re.error:
        raise CommandError(Code.COULD_NOT_RUN, f"Invalid regular expression: {text}") from None


def _keep(text: str, wanted: Callable[[str], bool]) -> str:
    return "".join(f"{line}\n" for line in text.splitlines() if wanted(line))


def _from_first(text: str, pattern: re.Pattern[str]) -> str:
    lines = text.splitlines()
    for index, line in enumerate(lines):
        if pattern.search(line):
            return "".join(f"{kept}\n" for kept in lines[index:])
    return ""


def sections(text: str, pattern: re.Pattern[str]) -> str:
    """Keep whole sections: a match keeps its parents above and everything indented below it."""
    kept: list[str] = []
    parents: list[tuple[int, str, bool]] = []  # indentation, line, already printed
    inside: int | None = None  # indentation of the match that we are under
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip())
        if inside is not None and indent > inside:
            kept.append(line)
            continue
        inside = None
        parents = [parent for parent in parents if parent[0] < indent]
        if pattern.search(line) and line.strip() != "!":
            kept += [above for _, above, printed in parents if not printed]
            parents = [(depth, above, True) for depth, above, _ in parents]
            kept.append(line)
            inside = indent
        parents.append((indent, line, inside is not None))
    return "".join(f"{line}\n" for line in kept)
