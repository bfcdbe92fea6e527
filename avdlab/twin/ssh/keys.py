"""What a terminal sends, as keys; and a line of input that keys edit. Pure.

The keys are those of EOS's own line editor: Ctrl-A/E/B/F/P/N/D/H/K/U/W, arrows, Tab, `?`.
"""

import re
from dataclasses import dataclass, field

_ESCAPES = {
    "[A": "up",
    "[B": "down",
    "[C": "right",
    "[D": "left",
    "[H": "home",
    "[F": "end",
    "[1~": "home",
    "[3~": "delete",
    "[4~": "end",
    "OA": "up",
    "OB": "down",
    "OC": "right",
    "OD": "left",
}
_CONTROLS = {
    "\x01": "home",
    "\x02": "left",
    "\x03": "interrupt",
    "\x04": "eof",
    "\x05": "end",
    "\x06": "right",
    "\x08": "backspace",
    "\x09": "tab",
    "\x0a": "enter",
    "\x0b": "kill-right",
    "\x0d": "enter",
    "\x0e": "down",
    "\x10": "up",
    "\x15": "kill-line",
    "\x16": "quote",
    "\x17": "kill-word",
    "\x1a": "suspend",
    "\x7f": "backspace",
}
_SEQUENCE = re.compile(r"\x1b(\[[0-9;]*[A-Za-z~]|O[A-Z])")
_UNFINISHED = re.compile(r"\x1b(\[[0-9;]{0,8}|O)?")


class Keys:
    """Splits what arrives into keys; an escape sequence may arrive in pieces."""

    def __init__(self) -> None:
        self._rest = ""
        self._after_return = False

    def split(self, data: str) -> list[str]:
        """Return keys: names of controls, or the character itself."""
        text, self._rest = self._rest + data, ""
        keys: list[str] = []
        at = 0
        while at < len(text):
            if text[at] == "\x1b":
                found = _SEQUENCE.match(text, at)
                if found is None and _UNFINISHED.fullmatch(text, at):
                    self._rest = text[at:]
                    break
                at = found.end() if found else at + 1
                keys += [_ESCAPES[found[1]]] if found and found[1] in _ESCAPES else []
                continue
            keys += self._key(text[at])
            at += 1
        return keys

    def _key(self, character: str) -> list[str]:
        """A line ends with CR, LF or both."""
        second = character == "\n" and self._after_return
        self._after_return = character == "\r"
        if second:
            return []
        if character in _CONTROLS:
            return [_CONTROLS[character]]
        return [character] if character.isprintable() else []


@dataclass(slots=True)
class Input:
    """The line that is typed. `press` returns what the terminal must print for a key."""

    text: str = ""
    at: int = 0
    history: list[str] = field(default_factory=list)
    hidden: bool = False  # a password
    _back: int = 0  # how far we are up in the history

    def take(self) -> str:
        """Return the line and begin a new one."""
        line, self.text, self.at, self._back = self.text, "", 0, 0
        if line.strip() and not self.hidden and self.history[-1:] != [line]:
            self.history.append(line)
            del self.history[:-200]
        return line

    def press(self, key: str) -> str:  # noqa: PLR0911 (a key, an answer)
        """Edit the line."""
        if len(key) == 1:
            return self._change(self.text[: self.at] + key + self.text[self.at :], self.at + 1)
        left, right = self.text[: self.at], self.text[self.at :]
        match key:
            case "backspace":
                return self._change(left[:-1] + right, max(0, self.at - 1))
            case "delete" | "eof":
                return self._change(left + right[1:], self.at)
            case "kill-line":
                return self._change(right, 0)
            case "kill-right":
                return self._change(left, self.at)
            case "kill-word":
                kept = left.rstrip().rpartition(" ")
                left = kept[0] + kept[1]
                return self._change(left + right, len(left))
            case "up" | "down":
                return self._recall(1 if key == "up" else -1)
        moves = {"left": self.at - 1, "right": self.at + 1, "home": 0, "end": len(self.text)}
        return self._change(self.text, moves.get(key, self.at))

    def put(self, text: str) -> str:
        """Make this the line, as Tab does."""
        return self._change(text, len(text))

    def _recall(self, step: int) -> str:
        back = min(max(self._back + step, 0), len(self.history))
        if back == self._back:
            return ""
        self._back = back
        text = self.history[-back] if back else ""
        return self._change(text, len(text))

    def _change(self, text: str, at: int) -> str:
        """Take over a line; print only what differs on the screen."""
        before, here = self.text, self.at
        self.text, self.at = text, max(0, min(at, len(text)))
        if self.hidden:
            return ""
        same = 0
        while same < min(len(before), len(text)) and before[same] == text[same]:
            same += 1
        if before == text:
            return _moved(text, here, self.at)
        erased = max(0, len(before) - len(text))
        printed = text[same:] + " " * erased
        return _moved(before, here, same) + printed + "\b" * (same + len(printed) - self.at)


def _moved(text: str, start: int, end: int) -> str:
    return "\b" * (start - end) if end <= start else text[start:end]
