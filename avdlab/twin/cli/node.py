"""One powered device behind its command line: its configuration store, its fabric, its clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from avdlab.twin.cli.ledger import Ledger
from avdlab.twin.cli.show.registry import View
from avdlab.twin.cli.syslog import LogBuffer
from avdlab.twin.config import canonical, secrets
from avdlab.twin.config.editor import Platform, any_platform
from avdlab.twin.config.read.root import read_settings
from avdlab.twin.config.settings import DeviceSettings, UserSettings
from avdlab.twin.config.store import ConfigStore
from avdlab.twin.config.tree import EMPTY, Config
from avdlab.twin.device import SOFTWARE, DeviceState
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.tables.ping import PingResult

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Lock:
    """Who has locked the configuration (`configure lock`), and since when."""

    user: str
    reason: str
    since: float


class Node:
    """What the command line of one device works on."""

    def __init__(
        self,
        name: str,
        startup: str | None,
        files: Mapping[str, str],
        fabric: Fabric,
        clock: Clock,
        platform: Platform = any_platform,
        software: str = SOFTWARE,
    ) -> None:
        self.name = name
        self.software = software
        self.store = ConfigStore(startup, on_change=self._note_change, platform=platform)
        self.store.files.update(files)
        self.fabric = fabric
        self.clock = clock
        self.booted = clock()
        self.ledger = Ledger()
        self.lock: Lock | None = None
        self.log = LogBuffer()
        self.descriptions: dict[str, str] = {}  # of configuration sessions
        self._changed = True
        self._saved: tuple[tuple[int, str | None], bool] | None = None
        self._settings: tuple[Config, DeviceSettings] = (EMPTY, DeviceSettings())

    @property
    def settings(self) -> DeviceSettings:
        """What the running-config asks for; read again only when it changed."""
        if self._settings[0] is not self.store.running:
            self._settings = (self.store.running, read_settings(self.store.running))
        return self._settings[1]

    def _note_change(self) -> None:
        self._changed = True

    def sync(self) -> None:
        """Hand a changed running-config to the fabric: once a request, not once a line."""
        if self._changed:
            self._changed = False
            self.fabric.configure(self.name, self.store.running)

    def move_to(self, fabric: Fabric) -> None:
        """Become a node of another fabric."""
        self.fabric, self._changed = fabric, True
        self.sync()

    @property
    def state(self) -> DeviceState:
        """The computed state of the device: the fabric converges now if something changed."""
        self.sync()
        return self.fabric.state.devices[self.name]

    def text(self, config: Config, command: str, *, sanitized: bool = False) -> str:
        """Print a configuration as EOS does, under the header of the command that asks for it."""
        header = canonical.header(self.settings.system.hostname, self.software, command)
        return canonical.running_text(config, header=header, sanitized=sanitized)

    def is_up(self, interface: str) -> bool:
        """Tell whether an interface's line protocol is up; the fabric may converge for it."""
        port = self.state.ports.get(interface)
        return port is not None and port.up

    def tick(self) -> None:
        """Let time pass: a commit timer may run out."""
        self.store.tick(self.clock())
        self.sync()

    def starts_enabled(self, user: UserSettings) -> bool:
        """Tell whether a login starts in enabled mode.

        EOS honours a user's privilege at login only with `aaa authorization exec default local`;
        everybody else starts unprivileged and says `enable`.
        """
        ordered = self.store.running.find("aaa authorization exec default")
        return user.privilege >= 15 and any("local" in line.words for line in ordered)

    def accepts_enable(self, password: str | None) -> bool:
        """Check the enable secret, where one is configured."""
        secret = self.settings.system.enable_secret
        return secret is None or secrets.verify(secret, password or "")

    def allows_empty_passwords(self) -> bool:
        """Tell whether users without a password may come in from the network."""
        return self.store.running.has(
            "aaa authentication policy local allow-nopassword-remote-login"
        )

    @property
    def saved(self) -> bool:
        """Tell whether the running-config equals the startup-config."""
        key = (self.store.version, self.store.startup)
        if self._saved is None or self._saved[0] != key:
            self._saved = (key, not self.store.running_diffs())
        return self._saved[1]

    def view(self) -> View:
        """Return what show commands look at."""
        return View(
            device=self.state,
            now=self.clock(),
            booted=self.booted,
            changed=self.fabric.changed(self.name),
            ping=self._ping,
            startup_saved=self.saved,
            config=self.store.running,
            log=self.log.entries,
            other=self.fabric.state.devices.get,
        )

    def _ping(
        self, vrf: str, destination: int, source: int | None, size: int, df: bool, repeat: int
    ) -> PingResult:
        return self.fabric.ping(self.name, vrf, destination, source, size, df, repeat)
