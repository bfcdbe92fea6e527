"""Configuration sessions of one device: candidates with a name, a state, and a commit timer."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from avdlab.twin.config.editor import Editor, Platform, any_platform
from avdlab.twin.config.tree import Config

MAX_PENDING = 5  # EOS: service configuration session max pending
MAX_COMPLETED = 1  # EOS: service configuration session max completed


class StoreError(Exception):
    """A configuration operation that EOS refuses, in EOS's words where they are known."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class SessionState(Enum):
    """States as `show configuration sessions` prints them."""

    PENDING = "pending"
    PENDING_TIMER = "pendingCommitTimer"
    COMPLETED = "completed"
    ABORTED = "aborted"


@dataclass(slots=True)
class Session:
    """One session. `editor` holds the candidate; `deadline` is set while a commit timer runs."""

    name: str
    editor: Editor
    user: str = ""
    terminal: str = ""
    state: SessionState = SessionState.PENDING
    deadline: float | None = None
    completed_at: float | None = None
    before: Config | None = field(default=None, repr=False)  # running-config to go back to

    @property
    def candidate(self) -> Config:
        return self.editor.config()


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A row of `show configuration sessions detail`."""

    name: str
    state: str
    user: str
    terminal: str
    completed_at: float | None
    seconds_left: float | None  # of the commit timer


class Sessions:
    """The named sessions of a device."""

    def __init__(self, platform: Platform = any_platform) -> None:
        self._platform = platform
        self._by_name: dict[str, Session] = {}
        self._unnamed = 0

    def __iter__(self) -> Iterator[Session]:
        return iter(self._by_name.values())

    def get(self, name: str) -> Session | None:
        """Return a session that is still listed."""
        return self._by_name.get(name)

    def enter(self, name: str, running: Config, user: str, terminal: str) -> Session:
        """Return the pending session of this name, or make it from the running-config."""
        held = self._by_name.get(name)
        if held is not None and held.state is SessionState.PENDING:
            held.editor.leave()
            return held
        if held is not None:
            raise StoreError(f"Cannot enter session {name} (already {_ended(held)})")
        if sum(1 for session in self if session.state is SessionState.PENDING) >= MAX_PENDING:
            raise StoreError(
                "Maximum number of pending sessions has been reached. Please commit or abort "
                "previous sessions before creating a new one."
            )
        name = name or self._next_name()
        session = self._by_name[name] = Session(
            name, Editor(running, platform=self._platform), user, terminal
        )
        return session

    def timed(self) -> Session | None:
        """Return the session whose commit timer runs."""
        return next((s for s in self if s.state is SessionState.PENDING_TIMER), None)

    def complete(self, session: Session, now: float) -> None:
        """Mark a session as committed; EOS lists only the last one or so."""
        session.state, session.completed_at = SessionState.COMPLETED, now
        session.deadline = session.before = None
        done = [s for s in self if s.state is SessionState.COMPLETED]
        done.sort(key=lambda s: s.completed_at or 0.0)
        for old in done[:-MAX_COMPLETED]:
            del self._by_name[old.name]

    def drop(self, session: Session) -> None:
        """Forget an aborted session."""
        session.state = SessionState.ABORTED
        self._by_name.pop(session.name, None)

    def rows(self, now: float) -> tuple[SessionRow, ...]:
        """Return what `show configuration sessions detail` lists."""
        return tuple(
            SessionRow(
                session.name,
                session.state.value,
                session.user,
                session.terminal,
                session.completed_at,
                None if session.deadline is None else max(0.0, session.deadline - now),
            )
            for session in sorted(self, key=lambda session: session.name)
        )

    def _next_name(self) -> str:
        self._unnamed += 1
        return f"sess-{self._unnamed}--1-0"


def _ended(session: Session) -> str:
    return "completed" if session.state is SessionState.COMPLETED else "committed with a timer"
