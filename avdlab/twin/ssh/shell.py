"""One terminal on one node: keys in, text out, as a person or a screen-scraping client sees EOS.

Pure: the SSH server hands in what arrives and sends what `feed` returns.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from avdlab.twin.cli import help as helping
from avdlab.twin.cli.commands import COMMANDS
from avdlab.twin.cli.exec import CliSession, Mode
from avdlab.twin.cli.node import Node
from avdlab.twin.cli.outcome import CommandError
from avdlab.twin.cli.prompt import prompt
from avdlab.twin.config.settings import UserSettings
from avdlab.twin.ssh.keys import Input, Keys

logger = logging.getLogger(__name__)

_MORE = " --More-- "
_TRIES = 3  # EOS asks three times for the enable secret
_LEAVING = frozenset({"exit", "logout", "quit"})


@dataclass(slots=True)
class _Body:
    """Lines that belong to a command: a banner up to `EOF`, a copied text up to Ctrl-D."""

    command: str
    lines: list[str]


class Shell:
    """A login shell. `height` is the terminal's, 0 when it has none."""

    def __init__(self, node: Node, user: UserSettings, height: int = 24) -> None:
        self.session = CliSession(node, user, COMMANDS, abbreviated=True)
        self.height = height
        self.closed = False
        self._keys = Keys()
        self._input = Input()
        self._body: _Body | None = None
        self._tries = 0  # left of the enable secret, while it is asked
        self._pages: list[str] = []  # lines that wait behind --More--
        self._quoted = False  # the next key stands for itself

    # ------------------------------------------------------------------ what the server calls
    def start(self) -> str:
        """Return what stands on the screen after the login."""
        motd = self.session.node.store.running.first("banner motd")
        body = motd.body if motd is not None else None
        return _wire(f"{body}\n" if body else "") + self._prompt()

    def feed(self, data: str) -> str:
        """Take what the terminal sent; return what it shall print."""
        shown = ""
        for key in self._keys.split(data):
            if self.closed:
                break
            shown += self._press(key)
        return shown

    def close(self) -> None:
        """The terminal is gone. A configuration session stays pending."""
        self.closed = True
        self.session.close()

    # ------------------------------------------------------------------ keys
    def _press(self, key: str) -> str:
        if self._pages:
            return self._page(key)
        if self._quoted:
            self._quoted = False
            return self._input.press(key)
        special = _SPECIAL.get(key)
        if special is not None:
            return special(self)
        if key in {"?", "tab"} and not (self._body or self._tries):
            return self._help(key)
        return self._input.press(key)

    def _enter(self) -> str:
        line = self._input.take()
        return "\r\n" + self._line(line)

    def _interrupt(self) -> str:
        self._input.take()
        self._body, self._tries, self._input.hidden = None, 0, False
        return "\r\n" + self._prompt()

    def _eof(self) -> str:
        if self._input.text:
            return self._input.press("eof")
        if self._body is not None:
            return "\r\n" + self._end_body()
        self.close()
        return "\r\n"

    def _suspend(self) -> str:
        """Ctrl-Z leaves every configuration mode."""
        self._input.take()
        self.session.leave_configuration()
        return "\r\n" + self._prompt()

    def _quote(self) -> str:
        self._quoted = True
        return ""

    def _help(self, key: str) -> str:
        before = self._input.text[: self._input.at]
        if before.lstrip().startswith("!"):
            return self._input.press(key) if key == "?" else ""
        if key == "tab":
            after = self._input.text[self._input.at :]
            return self._input.put(helping.complete(self.session, before)) if not after else ""
        rows = helping.ask(self.session, before)
        return f"?\r\n{_wire(rows)}{self._prompt()}{self._input.text}"

    # ------------------------------------------------------------------ lines
    def _line(self, line: str) -> str:  # noqa: PLR0911 (what is asked for decides)
        if self._tries:
            return self._secret(line)
        if self._body is not None:
            if line.strip() == "EOF":
                return self._end_body()
            self._body.lines.append(line)
            return ""
        words = line.split()
        if len(words) == 1 and words[0] in _LEAVING and self.session.editor is None:
            self.close()
            return ""
        if self._asks_secret(words):
            return self._secret(None)
        if self._takes_body(line, words):
            self._body = _Body(line.strip(), [])
            asked = words[0] in {"copy", "comment"}
            return "" if asked else "Enter TEXT message. Type 'EOF' on its own line to end.\r\n"
        return self._run(line)

    def _asks_secret(self, words: list[str]) -> bool:
        enabling = bool(words) and len(words[0]) > 1 and "enable".startswith(words[0])
        asked = enabling and len(words) < 3 and self.session.mode is Mode.EXEC
        return asked and not self.session.node.accepts_enable(None)

    def _secret(self, given: str | None) -> str:
        """Ask for the enable secret, three times at most."""
        if given is None:
            self._tries = _TRIES
        elif self.session.node.accepts_enable(given):
            self._tries, self._input.hidden = 0, False
            return self._run("enable", given)
        else:
            self._tries -= 1
        self._input.hidden = self._tries > 0
        if self._tries:
            return ("% Bad secret\r\n" if given is not None else "") + "Password: "
        return "% Bad secret\r\n" + self._prompt()

    def _takes_body(self, line: str, words: list[str]) -> bool:
        if words[:2] == ["copy", "terminal:"]:
            return True
        editor = self.session.editor
        return editor is not None and bool(words) and editor.takes_body(line.strip())

    def _end_body(self) -> str:
        assert self._body is not None
        body, self._body = self._body, None
        return self._run(body.command, "\n".join(body.lines))

    def _run(self, line: str, given: str | None = None) -> str:
        """Run a line; what it prints comes in pages."""
        self._pages = self.answer(line, given).splitlines()
        return self._next_page()

    def answer(self, line: str, given: str | None = None) -> str:
        """Run a line and return what it prints."""
        try:
            output = self.session.run(line, given, text=True)
        except CommandError as error:
            said = "".join(f"% {text}\n" for text in error.errors if text)
            return error.output + said
        except Exception as exc:
            # a fault of ours ends this command only, and leaves its traceback in the log
            logger.exception("%s: '%s' failed inside the twin", self.session.node.name, line)
            return f"% Internal error: {type(exc).__name__}: {exc}\n"
        return output.text

    # ------------------------------------------------------------------ pages
    def _next_page(self, lines: int | None = None) -> str:
        size = lines or self._page_size() or len(self._pages)
        shown, self._pages = self._pages[:size], self._pages[size:]
        text = "".join(f"{line}\r\n" for line in shown)
        return text + (_MORE if self._pages else self._prompt())

    def _page_size(self) -> int:
        size = self.height if self.session.page is None else self.session.page
        return max(size - 1, 0)

    def _page(self, key: str) -> str:
        """Answer a key at --More--: a page, a line, or no more."""
        clear = "\r" + " " * len(_MORE) + "\r"
        if key in {"q", "Q", "interrupt"}:
            self._pages = []
            return clear + self._prompt()
        return clear + self._next_page(1 if key == "enter" else None)

    def _prompt(self) -> str:
        return "" if self.closed else prompt(self.session)


_SPECIAL: dict[str, Callable[[Shell], str]] = {
    "enter": Shell._enter,
    "interrupt": Shell._interrupt,
    "eof": Shell._eof,
    "suspend": Shell._suspend,
    "quote": Shell._quote,
}


def _wire(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")
