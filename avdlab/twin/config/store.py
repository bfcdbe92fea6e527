"""The configurations of one device: running, startup, files in flash, sessions, checkpoints."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from avdlab.twin.config.canonical import running_text
from avdlab.twin.config.diff import session_diff, startup_diff
from avdlab.twin.config.editor import Editor, Platform, any_platform
from avdlab.twin.config.grammar import Mode
from avdlab.twin.config.loader import Loaded, RejectedLine, load
from avdlab.twin.config.sessions import Session, SessionRow, Sessions, SessionState, StoreError
from avdlab.twin.config.tree import Config

MAX_CHECKPOINTS = 20  # EOS: service configuration checkpoint max saved
_CHECKPOINT = "checkpoint:"
COPIED = "Copy completed successfully."
_RUNNING = frozenset({"running-config", "system:running-config", "system:/running-config"})
_STARTUP = frozenset({"startup-config", "flash:startup-config", "flash:/startup-config"})


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A saved running-config (`configure checkpoint save`)."""

    name: str
    config: Config
    user: str
    saved_at: float


class ConfigStore:
    """What one device holds of configuration. `on_change` is called after running has changed."""

    def __init__(
        self,
        startup: str | None = None,
        *,
        on_change: Callable[[], None] | None = None,
        platform: Platform = any_platform,
    ) -> None:
        self.startup = startup
        self.files: dict[str, str] = {}
        self._on_change = on_change
        self.platform = platform
        booted = load(startup or "", platform=platform)
        self.boot_rejected: tuple[RejectedLine, ...] = booted.rejected
        self._running = booted.config
        self._loaded_startup = (startup, booted.config)  # a text and the tree that it loads as
        self._live: Editor | None = None  # edits of `configure terminal`, not yet in _running
        self.version = 0
        self._sessions = Sessions(platform)
        self._checkpoints: dict[str, Checkpoint] = {}

    @property
    def running(self) -> Config:
        """The running-config."""
        if self._live is not None:
            self._running, self._live = self._live.config(), None
        return self._running

    def replace_running(self, config: Config) -> None:
        """Make this the running-config."""
        if config == self.running:
            return
        self._running = config
        self._changed()

    def terminal(self, *, abbreviated: bool = False) -> "Terminal":
        """Open `configure terminal`: every command takes effect at once."""
        return Terminal(self, abbreviated=abbreviated)

    def edited(self, editor: Editor) -> None:
        """Note that a terminal has changed the running-config; it is read when asked for."""
        self._live = editor
        self._changed()

    def _changed(self) -> None:
        self.version += 1
        if self._on_change is not None:
            self._on_change()

    # Sessions

    def enter_session(self, name: str = "", *, user: str = "", terminal: str = "") -> Session:
        """Enter a pending session, or make one; without a name EOS makes one up."""
        return self._sessions.enter(name, self.running, user, terminal)

    def session(self, name: str) -> Session:
        """Return a listed session. Raises StoreError."""
        found = self._sessions.get(name)
        if found is None:
            raise StoreError(f"Session {name} does not exist")
        return found

    def session_rows(self, now: float) -> tuple[SessionRow, ...]:
        """Return the rows of `show configuration sessions detail`."""
        return self._sessions.rows(now)

    def session_diffs(self, name: str) -> str:
        """Return what `show session-config named NAME diffs` prints."""
        return session_diff(self.running, self.session(name).candidate, name)

    def commit(self, name: str, now: float, *, timer: float | None = None) -> None:
        """Commit a session. With a timer it must be confirmed by a plain commit before the time is
        over. A plain commit of the session whose timer runs is that confirmation."""
        session = self.session(name)
        if session.state is SessionState.PENDING_TIMER:
            self._confirm(session, now, timer)
            return
        if session.state is not SessionState.PENDING:
            raise StoreError(f"Session {name} is already {session.state.value}")
        other = self._sessions.timed()
        if other is not None:
            raise StoreError(
                f"Cannot commit session {name}: session {other.name} is pending commit timer"
            )
        before, candidate = self.running, session.candidate
        if timer is None:
            self._sessions.complete(session, now)
        else:
            session.state, session.deadline = SessionState.PENDING_TIMER, now + timer
            session.before = before
        self.replace_running(candidate)

    def _confirm(self, session: Session, now: float, timer: float | None) -> None:
        if timer is None:
            self._sessions.complete(session, now)
        else:
            session.deadline = now + timer

    def abort(self, name: str) -> None:
        """Throw a session away; if its commit timer runs, go back to the config before it."""
        session = self.session(name)
        if session.state is SessionState.COMPLETED:
            raise StoreError(f"Session {name} is already completed")
        before = session.before
        self._sessions.drop(session)
        if before is not None:
            self.replace_running(before)

    def tick(self, now: float) -> str | None:
        """Let time pass: a commit timer that is over restores the old config. Returns its name."""
        session = self._sessions.timed()
        if session is None or session.deadline is None or now < session.deadline:
            return None
        self.abort(session.name)
        return session.name

    # Files

    def save(self) -> str:
        """`write memory`: running-config to startup-config. Returns EOS's message."""
        self.startup = running_text(self.running)
        self._loaded_startup = (self.startup, self.running)
        return COPIED

    def startup_config(self) -> Config:
        """Return the startup-config as a tree, empty if there is none."""
        if self._loaded_startup[0] != self.startup:
            self._loaded_startup = (
                self.startup,
                load(self.startup or "", platform=self.platform).config,
            )
        return self._loaded_startup[1]

    def running_diffs(self) -> str:
        """Return what `show running-config diffs` prints: startup against running."""
        return startup_diff(self.startup_config(), self.running)

    def read(self, source: str) -> str:
        """Return the text of `running-config`, `startup-config`, `flash:NAME` or
        `checkpoint:NAME`."""
        if source in _RUNNING:
            return running_text(self.running)
        if source in _STARTUP:
            if self.startup is None:
                raise StoreError("startup-config is not present")
            return self.startup
        if source.startswith(_CHECKPOINT):
            return running_text(self._checkpoint(_checkpoint_name(source)).config)
        name = _file_name(source)
        if name not in self.files:
            raise StoreError(f"Error opening {source} (No such file or directory)")
        return self.files[name]

    def copy(self, source: str, target: str) -> tuple[str, ...]:
        """`copy SOURCE TARGET`. Copying to running-config merges. Returns EOS's messages."""
        text = self.read(source)
        if target in _RUNNING:
            loaded = load(text, self.running, platform=self.platform)
            self.replace_running(loaded.config)
            return (*_complaints(loaded), COPIED)
        if target in _STARTUP:
            self.startup = text
        else:
            self.files[_file_name(target)] = text
        return (COPIED,)

    def copy_to_session(self, source: str, name: str) -> tuple[str, ...]:
        """`copy SOURCE session-config`: merge a file into the candidate. Returns EOS's messages."""
        session = self.session(name)
        loaded = load(self.read(source), session.candidate, platform=self.platform)
        session.editor = Editor(loaded.config, platform=self.platform)
        return (*_complaints(loaded), COPIED)

    def delete(self, target: str) -> None:
        """`delete flash:NAME`, `write erase`."""
        if target in _STARTUP:
            self.startup = None
        elif target.startswith(_CHECKPOINT):
            del self._checkpoints[self._checkpoint(_checkpoint_name(target)).name]
        elif self.files.pop(_file_name(target), None) is None:
            raise StoreError(f"Error deleting {target} (No such file or directory)")

    def replace(self, source: str, *, ignore_errors: bool = False) -> tuple[str, ...]:
        """`configure replace SOURCE`. Refuses a text with errors unless told to ignore them."""
        loaded = load(self.read(source), platform=self.platform)
        complaints = _complaints(loaded)
        if complaints and not ignore_errors:
            raise StoreError("\n".join(complaints))
        self.replace_running(loaded.config)
        return complaints

    # Checkpoints

    def save_checkpoint(self, name: str, now: float, *, user: str = "") -> Checkpoint:
        """`configure checkpoint save NAME`."""
        name = name or self._next_checkpoint(now)
        made = Checkpoint(name, self.running, user, now)
        self._checkpoints.pop(name, None)  # saved again, it is the newest
        self._checkpoints[name] = made
        for old in list(self._checkpoints)[:-MAX_CHECKPOINTS]:
            del self._checkpoints[old]
        return made

    def _next_checkpoint(self, now: float) -> str:
        """EOS names them by the day: ckp-20260101-0."""
        day = datetime.fromtimestamp(now, UTC).strftime("%Y%m%d")
        numbers = (number for number in range(len(self._checkpoints) + 1))
        return next(n for n in (f"ckp-{day}-{at}" for at in numbers) if n not in self._checkpoints)

    def keep_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Put a checkpoint of before a reboot back."""
        self._checkpoints[checkpoint.name] = checkpoint

    def restore_checkpoint(self, name: str) -> None:
        """`configure checkpoint restore NAME`."""
        self.replace_running(self._checkpoint(name).config)

    @property
    def checkpoints(self) -> Mapping[str, Checkpoint]:
        """The saved checkpoints by name."""
        return self._checkpoints

    def _checkpoint(self, name: str) -> Checkpoint:
        found = self._checkpoints.get(name)
        if found is None:
            raise StoreError(f"Checkpoint {name} does not exist")
        return found


class Terminal:
    """`configure terminal` of one user. Sees what others change meanwhile."""

    def __init__(self, store: ConfigStore, *, abbreviated: bool) -> None:
        self._store = store
        self._abbreviated = abbreviated
        self._editor = self._opened()
        self._version = store.version

    @property
    def path(self) -> tuple[str, ...]:
        """The commands of the modes that are open, outermost first."""
        return self._editor.path

    @property
    def modes(self) -> tuple[Mode, ...]:
        """The modes that are open, innermost first."""
        return self._editor.modes

    def takes_body(self, command: str) -> bool:
        """Tell whether the command is followed by lines up to `EOF`."""
        return self._editor.takes_body(command)

    def leave(self) -> None:
        """Go back to the global configuration mode."""
        self._editor.leave()

    def execute(self, command: str, body: str | None = None) -> None:
        """Carry out one line of configuration at once. Raises Rejected."""
        if self._version != self._store.version:
            self._catch_up()
        self._editor.execute(command, body)
        self._store.edited(self._editor)
        self._version = self._store.version

    def _opened(self) -> Editor:
        store = self._store
        return Editor(store.running, abbreviated=self._abbreviated, platform=store.platform)

    def _catch_up(self) -> None:
        path = self._editor.path
        self._editor = self._opened()
        for command in path:
            self._editor.execute(command)


def _complaints(loaded: Loaded) -> tuple[str, ...]:
    return tuple(f"% {line.message} at line {line.number}" for line in loaded.rejected)


def _checkpoint_name(target: str) -> str:
    return target.removeprefix(_CHECKPOINT).lstrip("/")


def _file_name(target: str) -> str:
    device, colon, name = target.partition(":")
    if not colon or device not in {"flash", "file"} or not name.strip("/"):
        raise StoreError(f"Error opening {target} (Invalid argument)")
    return name.lstrip("/").removeprefix("mnt/flash/")


__all__ = ["COPIED", "Checkpoint", "ConfigStore", "Session", "SessionRow", "StoreError", "Terminal"]
