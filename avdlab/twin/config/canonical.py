"""A configuration as `show running-config` prints it."""

import re
from collections.abc import Iterator

from avdlab.twin.config import grammar
from avdlab.twin.config.grammar import Match, Mode
from avdlab.twin.config.tree import Config, Line

_INDENT = "   "
# The words after which EOS hides the rest, or one value, in `show running-config sanitized`.
_SECRETS = re.compile(
    r"(?<= )(secret (?:sha512 |0 |5 |8a )?|password (?:sha512 |[0-9]a? |8a )?"
    r"|key (?:[0-9]a? |8a )|sha512 |md5 (?:[0-9] )?|authentication-key (?:[0-9] )?"
    r"|shared-key (?:[0-9]a? |8a )?|community )(\S+)"
)
_NO_SECRET = frozenset({"minimum", "policy", "encryption-key", "chain", "none", "standard"})


def running_text(config: Config, *, header: tuple[str, ...] = (), sanitized: bool = False) -> str:
    """Print a configuration: three spaces a level, `!` between sections, `end` last.

    `header` are the comment lines above it, without `! `.
    """
    lines = [f"! {text}".rstrip() for text in header]
    lines += body_lines(config)
    if sanitized:
        lines = [_hidden(line) for line in lines]
    return "\n".join([*lines, "!", "end", ""])


def body_lines(config: Config) -> list[str]:
    """Return the lines of the configuration with separators, without header and `end`."""
    return list(_printed(config.children, grammar.eos(), 0))


def header(device: str, version: str, command: str = "show running-config") -> tuple[str, ...]:
    """Return the header that EOS prints above a configuration."""
    return (f"Command: {command}", f"device: {device} (cEOSLab, EOS-{version})")


def section(config: Config, expression: str) -> str:
    """Return the lines that `| section <regex>` keeps: each match with its modes and children."""
    pattern = re.compile(expression, re.IGNORECASE)
    kept = tuple(found for line in config.children if (found := _sections(line, pattern)))
    return "\n".join(_printed(kept, grammar.eos(), 0, separators=False))


def _sections(line: Line, pattern: re.Pattern[str]) -> Line | None:
    if pattern.search(line.text):
        return line
    kept = tuple(found for child in line.children if (found := _sections(child, pattern)))
    return Line(line.text, kept, line.body) if kept else None


def _printed(
    lines: tuple[Line, ...], mode: Mode | None, depth: int, *, separators: bool = True
) -> Iterator[str]:
    """Yield the lines. EOS sets `!` before what opens a mode and where the command's family changes
    at the top."""
    previous = ""
    for at, line in enumerate(lines):
        found = grammar.find(mode, line.text) if mode else None
        opens = found.shape.opens if isinstance(found, Match) else None
        family = _family(line.text)
        one_line = isinstance(found, Match) and found.shape.line
        alone = opens is not None or (line.body is not None and not one_line)
        first = at == 0 and depth > 0
        if separators and not first and (opens or (depth == 0 and (alone or family != previous))):
            yield _INDENT * depth + "!"
        previous = "" if alone else family
        if line.text == "comment" and depth:
            text = (line.body or "").split("\n")
            yield from (f"{_INDENT * depth}!! {each}".rstrip() for each in text)
            continue
        yield _INDENT * depth + line.text
        if one_line:
            yield _INDENT * depth + (line.body or "")
        elif line.body is not None:
            yield from line.body.split("\n") if line.body else ()
            yield "EOF"
        yield from _printed(line.children, opens, depth + 1, separators=separators)


def _family(text: str) -> str:
    words = text.removeprefix("no ").split(" ")
    return " ".join(words[:2]) if words[0] in {"ip", "ipv6", "service", "system"} else words[0]


def _hidden(line: str) -> str:
    if line.lstrip().startswith(("!", "description ")):
        return line
    return _SECRETS.sub(_mask, line)


def _mask(found: re.Match[str]) -> str:
    if found[2] in _NO_SECRET:
        return found[0]
    return f"{found[1]}<removed>"
