"""What may come next on a command line: `?` and Tab. The texts beside the words are EOS's kinds."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from avdlab.twin.cli.exec import CliSession, ExecCommand, Mode
from avdlab.twin.cli.show.catalog import COMMANDS as SHOW_COMMANDS
from avdlab.twin.cli.words import Vocabulary

_RETURN = "<cr>"


@dataclass(frozen=True, slots=True)
class Next:
    """Words that may follow; `values` are placeholders, `end` tells that Enter is right too."""

    words: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    end: bool = False

    def starting(self, start: str) -> "Next":
        """Keep the words that start so; a placeholder takes any beginning."""
        words = tuple(word for word in self.words if word.startswith(start))
        return Next(words, self.values if not words else (), self.end and not start)


def ask(session: CliSession, text: str) -> str:
    """Return what `?` prints behind this text."""
    found = _after(session, text)
    rows = [f"  {word}" for word in found.words]
    rows += [f"  {value}" for value in found.values]
    rows += [f"  {_RETURN}"] if found.end else []
    return "\n".join(rows or ["% Unrecognized command"]) + "\n"


def complete(session: CliSession, text: str) -> str:
    """Return the text with its last word completed as far as it is clear."""
    head, last = _split(text)
    words = _after(session, text).words
    if not words or not last:
        return text
    common = _common(words)
    return f"{head}{common}" + (" " if len(words) == 1 else "")


def _common(words: tuple[str, ...]) -> str:
    """Return the letters that all words begin with."""
    first, last = min(words), max(words)
    same = next((at for at, letter in enumerate(first) if last[at] != letter), len(first))
    return first[:same]


def _split(text: str) -> tuple[str, str]:
    last = "" if not text or text[-1].isspace() else text.rsplit(maxsplit=1)[-1]
    return text[: len(text) - len(last)], last


def _after(session: CliSession, text: str) -> Next:
    head, last = _split(text)
    words = head.rpartition("|")[2].split() if "|" in head else head.split()
    if "|" in head:
        return _filters(words).starting(last)
    found = [_exec(session, words)]
    if session.editor is not None:
        found.insert(0, _configuration(session, words))
    return _merged(entry.starting(last) for entry in found)


def _filters(words: list[str]) -> Next:
    if words:
        return Next(values=("LINE",))
    return Next(
        (
            *("begin", "count", "exclude", "grep", "head", "include"),
            *("json", "no-more", "section", "tail"),
        )
    )


def _exec(session: CliSession, words: list[str]) -> Next:
    commands = session.commands
    return Next(*_vocabulary(commands, session.mode).next_words(words))


@lru_cache(maxsize=16)
def _vocabulary(commands: tuple[ExecCommand, ...], mode: Mode) -> Vocabulary:
    own = [c for c in commands if mode in c.modes and not (c.privileged and mode is Mode.EXEC)]
    patterns = [command.pattern.text for command in own]
    shown = [show.pattern.text for show in SHOW_COMMANDS]
    unprivileged = [text for text in shown if mode is not Mode.EXEC or text.startswith("show ")]
    return Vocabulary(patterns + unprivileged)


def _configuration(session: CliSession, words: list[str]) -> Next:
    """Look in the mode that is open, then, with words before, in those around it."""
    assert session.editor is not None
    modes = session.editor.modes if words else session.editor.modes[:1]
    if words[:1] in (["no"], ["default"]):
        words = words[1:]
        modes = session.editor.modes
    return _merged(Next(*mode.next_words(tuple(words))) for mode in modes)


def _merged(parts: Iterable[Next]) -> Next:
    found = list(parts)
    return Next(
        tuple(sorted({word for part in found for word in part.words})),
        tuple(dict.fromkeys(value for part in found for value in part.values)),
        any(part.end for part in found),
    )
