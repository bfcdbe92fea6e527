"""Which commands exist: finds the words of a line in the patterns, abbreviated where allowed.

All patterns are walked at once, word by word, as one automaton; so the first word that fits none of
them is the token that EOS complains about.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from avdlab.net import interfaces
from avdlab.twin.cli.outcome import Code, CommandError, invalid

_TOKEN = re.compile(r"\[|\]|<[\w-]+(?:\.\.\.)?>|[^\s\[\]]+")
# What cEOS says of commands of hardware that it does not have, by their first words. ANTA knows
# these messages, and skips its tests on them.
_NO_HARDWARE = {
    ("show", "platform", "trident"): "Invalid input (at token 2: 'trident')",
    ("show", "platform", "fap"): "Invalid input (at token 2: 'fap')",
    ("show", "platform", "sand"): "Invalid input (at token 2: 'sand')",
    ("show", "module"): "Incomplete command (at token 1: 'module')",
    ("show", "interfaces", "counters", "queue", "drops"): (
        "Incomplete command (at token 4: 'drops')"
    ),
}
_INTERFACE_NAMES = {"interface", "interfaces", "intf", "port", "ports"}


@dataclass(slots=True)
class _State:
    """A place in a pattern: keywords and placeholders that lead on, and whether it may end here."""

    keywords: "dict[str, list[_State]]" = field(default_factory=dict)
    values: "list[tuple[str, _State]]" = field(default_factory=list)
    skips: "list[_State]" = field(default_factory=list)
    end: bool = False


class Vocabulary:
    """The commands of one mode, given in the notation of config/patterns.py."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._start = _State()
        for text in patterns:
            tokens = _TOKEN.findall(text)
            for last in _sequence([self._start], iter(tokens), closing=False):
                last.end = True

    def resolve(self, line: str, *, abbreviated: bool) -> str:
        """Return the line in full words. Raises CommandError with EOS's text and token number."""
        words = _joined(line.split())
        for start, refusal in _NO_HARDWARE.items():
            if tuple(words[: len(start)]) == start:
                raise CommandError(Code.INVALID, refusal)
        states = _closure([self._start])
        full: list[str] = []
        for position, word in enumerate(words):
            expanded, states = _step(states, word, position, abbreviated)
            full.append(expanded)
        if not any(state.end for state in states):
            last = words[-1] if words else ""
            position = max(len(words) - 1, 0)
            raise CommandError(Code.INVALID, f"Incomplete command (at token {position}: '{last}')")
        return " ".join(full)

    def next_words(self, words: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
        """Return the keywords and the placeholders that may follow, and whether it may end here."""
        states = _closure([self._start])
        try:
            for position, word in enumerate(_joined(list(words))):
                _, states = _step(states, word, position, True)
        except CommandError:
            return (), (), False
        keywords = {key for state in states for key in state.keywords}
        values = {name.removesuffix("...").upper() for state in states for name, _ in state.values}
        return tuple(sorted(keywords)), tuple(sorted(values)), any(state.end for state in states)

    def knows_first(self, word: str) -> bool:
        """Tell whether some command starts with exactly this word."""
        return word in self._start.keywords


def _step(
    states: list[_State], word: str, position: int, abbreviated: bool
) -> tuple[str, list[_State]]:
    keywords = {key for state in states for key in state.keywords}
    if word in keywords:
        return word, _closure(_by_keyword(states, word) + _by_value(states, word))
    candidates = sorted(key for key in keywords if key.startswith(word))
    values = _by_value(states, word)
    if candidates and not (values and interfaces.is_interface(word)):
        if not abbreviated and not values:
            raise CommandError(Code.INVALID, f"Incomplete token (at token {position}: '{word}')")
        if len(candidates) > 1 and not values:
            raise CommandError(Code.INVALID, f"Ambiguous command (at token {position}: '{word}')")
        if len(candidates) == 1 and abbreviated:
            return candidates[0], _closure(_by_keyword(states, candidates[0]))
    if not values:
        raise invalid(position, word)
    return _value(states, word), _closure(values)


def _by_keyword(states: list[_State], word: str) -> list[_State]:
    return [then for state in states for then in state.keywords.get(word, ())]


def _by_value(states: list[_State], word: str) -> list[_State]:
    return [then for state in states for name, then in state.values if _fits(name, word)]


def _fits(name: str, word: str) -> bool:
    return name not in _INTERFACE_NAMES or _is_range(word)


def _is_range(word: str) -> bool:
    first = re.split(r"[,-](?=\d)|,", word)[0]
    return interfaces.is_interface(word) or interfaces.is_interface(first)


def _value(states: list[_State], word: str) -> str:
    """Interface names are spelled out where one may stand: `et1` -> `Ethernet1`."""
    wanted = {name for state in states for name, _ in state.values}
    if wanted & _INTERFACE_NAMES and interfaces.is_interface(word):
        return interfaces.canonical(word)
    return word


@lru_cache(maxsize=256)
def _is_kind(word: str) -> bool:
    return word.isalpha() and len(word) > 1 and interfaces.is_interface(f"{word}1")


def _joined(words: list[str]) -> list[str]:
    """Join an interface name that was typed in two words: `Ethernet 1` -> `Ethernet1`."""
    joined: list[str] = []
    for word in words:
        previous = joined[-1] if joined else ""
        kind = _is_kind(previous) and "interface".startswith(joined[-2][:9] if joined[1:] else "?")
        if kind and word[:1].isdigit():
            joined[-1] = previous + word
        else:
            joined.append(word)
    return joined


def _closure(states: Iterable[_State]) -> list[_State]:
    seen: dict[int, _State] = {}
    stack = list(states)
    while stack:
        state = stack.pop()
        if id(state) not in seen:
            seen[id(state)] = state
            stack += state.skips
    return list(seen.values())


def _sequence(starts: list[_State], tokens: Iterator[str], *, closing: bool) -> list[_State]:
    """Lay the tokens behind the start states; return the states in which they end."""
    current = starts
    for token in tokens:
        if token == "]":  # noqa: S105  (a bracket of the notation)
            break
        if token == "[":  # noqa: S105
            current = [*current, *_sequence(_entry(current), tokens, closing=True)]
        else:
            current = [_lay(current, token)]
    return current


def _entry(states: list[_State]) -> list[_State]:
    entry = _State()
    for state in states:
        state.skips.append(entry)
    return [entry]


def _lay(states: list[_State], token: str) -> _State:
    target = _State()
    if token.startswith("<"):
        name = token.strip("<>").removesuffix("...")
        if token.endswith("...>"):
            target.values.append((f"{name}...", target))
        for state in states:
            state.values.append((name, target))
        return target
    for state in states:
        for word in token.split("|"):
            state.keywords.setdefault(word, []).append(target)
    return target
