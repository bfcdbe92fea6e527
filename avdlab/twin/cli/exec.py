"""The command line of one login: a mode stack, and the way from a line to its handler.

A `CliSession` lives as long as one eAPI request (or one SSH login). Configuration sessions belong
to the device and outlive it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from avdlab.twin.cli import pipes
from avdlab.twin.cli.node import Node
from avdlab.twin.cli.outcome import (
    NOTHING,
    Code,
    CommandError,
    Output,
    invalid,
    privileged,
)
from avdlab.twin.cli.show.catalog import COMMANDS as SHOW_COMMANDS
from avdlab.twin.cli.show.catalog import find
from avdlab.twin.cli.show.registry import Args, Level, ShowCommand, ShowError, View
from avdlab.twin.cli.words import Vocabulary
from avdlab.twin.config.editor import Editor, Rejected
from avdlab.twin.config.patterns import Pattern
from avdlab.twin.config.settings import UserSettings
from avdlab.twin.config.store import StoreError, Terminal
from avdlab.twin.config.tree import Config


class Mode(Enum):
    EXEC = ">"
    ENABLED = "#"
    CONFIGURE = "(config)#"
    SESSION = "(config-s)#"


# Commands of enabled mode that EOS also takes while configuring.
_EXEC_WHILE_CONFIGURING = frozenset(
    {"show", "copy", "write", "bash", "ping", "clear", "dir", "delete", "terminal", "configure"}
)
_UNCONVERTED = (
    "Command cannot be used over the API at this time. To see ASCII output, "
    "set format='text' in your request"
)


@dataclass(frozen=True, slots=True)
class ExecCommand:
    """A command that is no plain show: `run(session, captured words, input)`."""

    pattern: Pattern
    run: "Run"
    privileged: bool = True
    modes: frozenset[Mode] = frozenset(Mode)
    shows: bool = False  # counted as a show command, on this node's own configuration


Run = Callable[["CliSession", Args, str | None], Output]


class CliSession:
    """One login on one node."""

    def __init__(
        self,
        node: Node,
        user: UserSettings,
        commands: tuple[ExecCommand, ...],
        *,
        abbreviated: bool = False,
    ) -> None:
        self.node = node
        self.user = user
        self.mode = Mode.ENABLED if node.starts_enabled(user) else Mode.EXEC
        self.editor: Editor | Terminal | None = None
        self.session: str | None = None  # the configuration session that we are in
        self.page: int | None = None  # `terminal length`: lines a page; None as the terminal says
        self.commands = commands
        self._vocabulary = _vocabulary(commands)
        self._abbreviated = abbreviated

    # ------------------------------------------------------------------ running a line
    def run(
        self,
        line: str,
        given: str | None = None,
        *,
        text: bool = False,
        revision: int | None = None,
    ) -> Output:
        """Run one line; `given` answers what it asks for. Raises CommandError."""
        line = line.strip()
        if not line or (line.startswith("!") and not line.startswith("!!")):
            return NOTHING
        if line.startswith("!!") and self.editor is None:
            return NOTHING
        self.node.tick()
        if self._abbreviated and self.editor is not None and self._mode_command(line) is None:
            return self._typed(line, given, text=text)
        if self._is_configuration(line):
            return self.configure(line, given)
        return self._execute(line, given, text=text, revision=revision)

    def _typed(self, line: str, given: str | None, *, text: bool) -> Output:
        """Run a line that a person typed while configuring: a configuration command if it can be
        one, else what it is short for in exec mode."""
        if _first(line) in _EXEC_WHILE_CONFIGURING:
            return self._execute(line, given, text=text)
        try:
            return self.configure(line, given)
        except CommandError as refused:
            if refused.code is not Code.INVALID or not self._is_exec(line):
                raise
        return self._execute(line, given, text=text)

    def _is_exec(self, line: str) -> bool:
        """Tell whether the line is short for an exec command that EOS takes while configuring."""
        try:
            command = pipes.take_apart(line).command
            words = self._vocabulary.resolve(command, abbreviated=True)
        except CommandError:
            return False
        return _first(words) in _EXEC_WHILE_CONFIGURING or self._mode_command(words) is not None

    def close(self) -> None:
        """End the login. A configuration session that was not committed stays pending."""
        self.leave_configuration()
        self.node.sync()

    def _is_configuration(self, line: str) -> bool:
        if self.editor is None:
            return False
        if _first(line) in _EXEC_WHILE_CONFIGURING:
            return False
        return self._mode_command(line) is None

    def _mode_command(self, line: str) -> ExecCommand | None:
        """Return the command of this mode (commit, abort, end ...) that the line is, if any."""
        words = " ".join(line.split())
        for command in self.commands:
            here = command.modes != frozenset(Mode) and self.mode in command.modes
            if here and command.pattern.match(words) is not None:
                return command
        return None

    # ------------------------------------------------------------------ configuration modes
    def configure(self, line: str, given: str | None) -> Output:
        """Give one line to the editor of the configuration mode that we are in."""
        if self.editor is None:
            raise invalid(0, _first(line))
        command, body = _with_body(line, given)
        if command == "exit" and not self.editor.path:
            self.leave_configuration()
            return NOTHING
        try:
            self.editor.execute(command, body)
        except Rejected as exc:
            raise CommandError(Code(exc.code), exc.message) from exc
        return NOTHING

    def check_lock(self) -> None:
        """Refuse where another user has locked the configuration. Raises CommandError.

        The wording is not recorded from a device.
        """
        lock = self.node.lock
        if lock is not None and lock.user != self.user.name:
            why = f" ({lock.reason})" if lock.reason else ""
            raise CommandError(
                Code.COULD_NOT_RUN, f"Configuration is locked by user {lock.user}{why}"
            )

    def enter_terminal(self) -> None:
        """Enter `configure terminal`."""
        self.check_lock()
        self.mode, self.session = Mode.CONFIGURE, None
        self.editor = self.node.store.terminal(abbreviated=self._abbreviated)

    def enter_session(self, name: str) -> None:
        """Enter a configuration session, a new or a pending one."""
        self.check_lock()
        entered = self.node.store.enter_session(name, user=self.user.name)
        entered.editor.abbreviated = self._abbreviated
        self.mode, self.session, self.editor = Mode.SESSION, entered.name, entered.editor

    def current_session(self) -> str:
        """Return the name of the session that we are in. Raises CommandError outside of one."""
        if self.session is None:
            raise CommandError(Code.COULD_NOT_RUN, "Not currently in a configuration session")
        return self.session

    def candidate(self, name: str = "") -> Config:
        """Return the candidate of a session, by default of the one that we are in."""
        return self.node.store.session(name or self.current_session()).candidate

    def leave_configuration(self) -> None:
        """Go back to enabled mode, keeping what was entered."""
        if self.editor is not None:
            self.editor.leave()
            self.mode, self.editor, self.session = Mode.ENABLED, None, None

    # ------------------------------------------------------------------ exec and show commands
    def _execute(
        self, line: str, given: str | None, *, text: bool, revision: int | None = None
    ) -> Output:
        piped = pipes.take_apart(line)
        try:
            words = self._vocabulary.resolve(piped.command, abbreviated=self._abbreviated)
            wants_text = (text or bool(piped.filters) or piped.text) and not piped.json
            output = self._answer(words, given, text=wants_text, revision=revision)
        except StoreError as exc:
            raise CommandError(Code.COULD_NOT_RUN, *exc.message.splitlines()) from exc
        except CommandError as error:
            if error.code is Code.INVALID and "privileged" not in str(error):
                self.node.ledger.miss(piped.command)
            raise
        if piped.filters:
            # over JSON, EOS answers a filtered command with the text that is left
            left = piped.apply(output.text)
            return Output({"output": left}, left)
        if piped.json and text:
            return Output(output.json, json.dumps(output.json, indent=4) + "\n")
        if output.json is None and not text:
            raise CommandError(Code.UNCONVERTED, _UNCONVERTED)
        return output

    def _answer(self, words: str, given: str | None, *, text: bool, revision: int | None) -> Output:
        found = self._find(words)
        if found is not None:
            command, args = found
            if command.privileged and self.mode is Mode.EXEC:
                raise privileged()
            output = command.run(self, args, given)
            if command.shows:
                self.node.ledger.answer(command.pattern.text, Level.MIRRORED)
            return output
        shown = find(words)
        if shown is None:
            raise invalid(0, _first(words))
        if revision is not None and not text:
            self.node.ledger.serve_revision(shown[0].pattern.text, revision, shown[0].revision)
        return self._show(*shown, words, text=text)

    def _find(self, words: str) -> tuple[ExecCommand, Mapping[str, str]] | None:
        for command in self.commands:
            args = command.pattern.match(words) if self.mode in command.modes else None
            if args is not None:
                return command, args
        return None

    def _show(self, show: ShowCommand, args: Args, words: str, *, text: bool) -> Output:
        if self.mode is Mode.EXEC and words.startswith("bash "):
            raise privileged()
        view = self.node.view()
        try:
            if text:
                output = Output(text=self._text(show, args, view, words))
            else:
                output = Output(show.json(view, args) if show.json else None)
        except ShowError as exc:
            self.node.ledger.answer(show.pattern.text, show.level)
            raise CommandError(Code.COULD_NOT_RUN, exc.message, partial=exc.partial) from exc
        self.node.ledger.answer(show.pattern.text, show.level)
        return output

    def _text(self, show: ShowCommand, args: Args, view: View, words: str) -> str:
        if show.text is not None:
            return show.text(view, args)
        if show.json is None:
            return ""
        self.node.ledger.render_generically(words)
        return generic(show.json(view, args))


@lru_cache(maxsize=4)
def _vocabulary(commands: tuple[ExecCommand, ...]) -> Vocabulary:
    patterns = [command.pattern.text for command in commands]
    return Vocabulary(patterns + [show.pattern.text for show in SHOW_COMMANDS])


def _first(line: str) -> str:
    return line.split(maxsplit=1)[0]


def _with_body(line: str, given: str | None) -> tuple[str, str | None]:
    """Return the command and its multi-line body; clients end a body with or without EOF."""
    if given is None:
        return line, None
    lines = given.splitlines()
    if lines and lines[-1].strip() == "EOF":
        lines.pop()
    return line, "\n".join(lines)


def generic(value: object, depth: int = 0) -> str:
    """Lay JSON out as indented `key: value` lines, for texts that have no EOS layout yet."""
    pad = "   " * depth
    if isinstance(value, dict):
        return "".join(_pair(pad, str(key), item, depth) for key, item in value.items())
    if isinstance(value, list | tuple):
        return "".join(_pair(pad, "-", item, depth) for item in value)
    return f"{pad}{value}\n"


def _pair(pad: str, key: str, item: object, depth: int) -> str:
    label = key if key == "-" else f"{key}:"
    if isinstance(item, dict | list | tuple) and item:
        return f"{pad}{label}\n" + generic(item, depth + 1)
    return f"{pad}{label} {'' if item in ({}, [], (), None) else item}".rstrip() + "\n"
