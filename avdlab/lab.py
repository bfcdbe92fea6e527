"""The lab, from what it shall be to results and back to nothing: the order of the stages.

`prepare` and `design` (design.py) say what a lab shall be; `Lab` makes it so, validates it and
removes it. Fronts (command line, Ansible, pytest) parse arguments, call these, and show events.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from avdlab import state as states
from avdlab.backends import open_backend
from avdlab.backends.base import (
    Backend,
    Capability,
    EapiTarget,
    EndpointTrace,
    EvidenceSource,
    LabSpec,
    NodeState,
    NodeStatus,
    PartialTopology,
    Plan,
    Settling,
    SlowBoot,
)
from avdlab.built import BuiltFrom
from avdlab.errors import BackendError, CannotRunError, InputError, NotReadyError
from avdlab.events import Reporter, stage
from avdlab.journal import Journal
from avdlab.overlay.model import LabUser
from avdlab.project import project_here, project_of
from avdlab.settings import Settings, load_settings
from avdlab.state import LabFolder, LabState
from avdlab.topology.model import Topology

if TYPE_CHECKING:  # heavy stages are imported by the verb that needs them
    from avdlab.configuration import Configuration
    from avdlab.deploy import Deployment, How
    from avdlab.design import Design, Prepared
    from avdlab.validate.model import Results
    from avdlab.validate.suite import Suite
    from avdlab.validate.validation import Validation


class Lab:
    """A lab in its folder: `create` makes one or takes it up again, `open` finds it."""

    def __init__(self, folder: LabFolder, settings: Settings, reporter: Reporter) -> None:
        self.folder = folder
        self.settings = settings
        self.reporter: Reporter = Journal(folder.path, reporter)
        self._changed = False  # something of the running lab, by this object

    @classmethod
    def open(
        cls,
        inventory: Path | None = None,
        name: str | None = None,
        *,
        settings: Settings | None = None,
        reporter: Reporter | None = None,
    ) -> "Lab":
        """Find a lab that is there: by name, by inventory, or the only one of this project."""
        project = project_of(inventory) if inventory else project_here()
        folder = states.find_lab(project, name=name or "", inventory=inventory)
        own = load_settings(folder.path.parent.parent) if settings is None else settings
        return cls(folder, own, reporter or Reporter())

    @classmethod
    def of(
        cls,
        prepared: "Prepared",
        project: Path,
        settings: Settings,
        reporter: Reporter,
        name: str | None = None,
    ) -> "Lab":
        """Return the lab of a prepared input: the named one, the inventory's, or a new one.

        Takes up what a killed run left. The folder and the lab user's password are made here.
        Raises InputError where the name belongs to a lab of another inventory.
        """
        inventory = prepared.source.inventory
        chosen = name or _existing(project, inventory) or prepared.name
        folder = LabFolder(project / states.FOLDER / states.lab_name(chosen))
        if folder.exists and not states.made_from(folder, inventory):
            other = folder.load().inventory or "configuration texts"
            raise InputError(
                f"lab '{folder.name}' was made from {other}",
                hint=f"Name this one with --name, or run: avdlab down --name {folder.name}",
            )
        chosen_backend = settings.origin.get("backend", "default") != "default"
        if folder.exists and chosen_backend and folder.load().backend != settings.backend:
            raise InputError(
                f"lab '{folder.name}' runs on {folder.load().backend}, not on {settings.backend}",
                hint=f"Name another with --name, or run: avdlab down --name {folder.name}",
            )
        folder.create()
        folder.password(settings.password or secrets.token_urlsafe(18))
        if not folder.exists:
            folder.save(
                LabState(folder.name, settings.backend, str(inventory or ""), user=settings.user)
            )
        return cls(folder, settings, reporter)

    @property
    def new(self) -> bool:
        """Tell whether nothing was ever built in this lab."""
        return self.folder.load().phase == "new"

    # ------------------------------------------------------------------ stages
    def design(self, prepared: "Prepared") -> "Design":
        """Return what this lab shall be: the input, with the lab's own overlay and user."""
        from avdlab.design import design

        try:
            made = design(
                prepared,
                self.user,
                self.reporter,
                profile=self.backend.profile,
                enabled=self.settings.overlay,
            )
        except InputError:
            if self.new:  # nothing was built: a wrong input leaves nothing behind
                self.folder.remove()
            raise
        for text in _overlay_notes(made):
            self.reporter.note(text)
        return self._built(made)

    def _built(self, made: "Design") -> "Design":
        """Return the design as the backend builds it: some run no connected endpoints."""
        backend = self.backend
        if not isinstance(backend, PartialTopology):
            return made
        topology = backend.buildable(made.topology)
        for text in topology.notes[len(made.topology.notes) :]:
            self.reporter.note(text)
        return replace(made, topology=topology)

    def plan(self, made: "Design") -> Plan:
        """Tell what `up` would change, and change nothing."""
        return self.backend.plan(self._spec(made))

    def up(self, made: "Design", reseed: frozenset[str] = frozenset()) -> "Deployment":
        """Build the topology, wait for the devices, deploy their configurations. Idempotent.

        `reseed` are devices that shall boot with their lab config as if for the first time. Devices
        that are somebody else's are only noted: nothing is deployed before `deploy`.
        """
        self.start(made, reseed)
        if self.borrowed:
            return _nothing_deployed()
        deployment = self.deploy(made)
        self.folder.reached("deployed")
        return deployment

    def start(self, made: "Design", reseed: frozenset[str] = frozenset()) -> Plan:
        """Build the topology and wait for the devices: new ones boot with their lab config."""
        plan = self.build(made, reseed)
        self.wait()
        return plan

    def build(self, made: "Design", reseed: frozenset[str] = frozenset()) -> Plan:
        """Build the topology, and do not wait."""
        self._built_from.write(made)
        self.folder.reached("built")
        with stage(self.reporter, self.backend.name, len(made.configs.devices)) as done:
            plan = self.backend.plan(replace(self._spec(made), reseed=reseed))
            for text in plan.notes:
                self.reporter.note(text)
            self.backend.apply(plan, self.reporter)
            done(f"{len(plan.changes)} changes")
        self._changed |= bool(plan.changes)
        self.folder.reached("applied")
        return plan

    def wait(self) -> None:
        """Wait until every device answers eAPI. Raises NotReadyError."""
        from avdlab.backends.ready import wait_ready

        targets = self.targets()
        with stage(self.reporter, "ready", len(targets)):
            wait_ready(
                targets,
                statuses=self.backend.status,
                reporter=self.reporter,
                timeout=self._patience,
                max_workers=self.settings.max_workers,
            )

    def settle(self) -> None:
        """Wait until nothing is on its way in the fabric any more.

        Raises NotReadyError, and CannotRunError where the backend cannot know.
        """
        if not isinstance(self.backend, Settling):
            raise CannotRunError(
                f"{self.backend.name} does not know when its fabric has settled",
                hint="Run: avdlab test --wait 120s",
            )
        with stage(self.reporter, "settled", 1):
            if not self.backend.settled(self._patience):
                raise NotReadyError({"fabric": "it has not settled"}, self._patience)

    @cached_property
    def _built_from(self) -> BuiltFrom:
        return BuiltFrom(self.folder)

    @property
    def _patience(self) -> float:
        """Seconds for devices to become ready: as set, or as long as the backend's nodes boot."""
        given = self.settings.origin.get("timeout", "default") != "default"
        backend = self.backend
        if isinstance(backend, SlowBoot) and not given:
            return backend.boot_seconds
        return self.settings.timeout

    @property
    def convergence(self) -> float:
        """Seconds that the fabric is given until it shows what was changed here: 0 where nothing
        was, or where it shows at once."""
        backend = self.backend
        return (
            backend.convergence_seconds if isinstance(backend, SlowBoot) and self._changed else 0.0
        )

    def check(self, targets: Sequence[EapiTarget]) -> None:
        """Say in one line what concerns the whole lab: no backend, or a user that nobody knows.

        Raises BackendError or CannotRunError; what concerns single devices shows in their results.
        """
        from avdlab.backends.ready import refuse_all

        if not targets:
            raise self._unfinished()
        statuses = self.backend.status()
        stopped = [status for status in statuses if status.state is NodeState.STOPPED]
        if stopped and len(stopped) == len(statuses) and not self.borrowed:
            raise BackendError(
                f"no node of lab '{self.folder.name}' runs: {statuses[0].reason}",
                hint="Run: avdlab up",
            )
        if refuse_all(targets, max_workers=self.settings.max_workers):
            raise CannotRunError(
                f"every device refuses user '{targets[0].user.name}': wrong user or password",
                hint="Check AVDLAB_USER and AVDLAB_PASSWORD.",
            )

    def deploy(
        self,
        made: "Design",
        *,
        check: bool = False,
        devices: frozenset[str] | None = None,
        how: "How | None" = None,
    ) -> "Deployment":
        """Bring the lab configs onto the devices; from then on they are tested against this design.

        Raises ConfigRejectedError, DeviceError, and InputError where the design has other devices.
        """
        from avdlab.faults.record import forget_configurations

        self._same_devices(made)
        done = self.configuration.replace(made, check=check, devices=devices, how=how)
        if not check:
            self._changed |= bool(done.changed)
            for device in done.devices:
                self._built_from.write_device(made, device)
            forget_configurations(self.folder.path, done.devices)
        return done

    @property
    def configuration(self) -> "Configuration":
        """What else changes the configurations of the running lab: merge, save, checkpoints."""
        from avdlab.configuration import Configuration

        return Configuration(self)

    def validate(
        self,
        reporter: Reporter | None = None,
        devices: frozenset[str] | None = None,
        *,
        wait: float = 0.0,
        batched: bool = True,
        drift: bool = True,
        own: bool = True,
    ) -> "Results":
        """Run the suite against the lab and write the reports.

        What failed is run again until `wait` seconds have passed. `batched`: one eAPI request per
        device instead of one per command. `drift`: compare running with intended configurations.
        `own`: our tests and the user's beside AVD's catalogs.
        """
        from avdlab.report import write

        shown = reporter or self.reporter
        with stage(shown, "validate") as done:
            validation = self.validation(shown, devices, batched=batched, drift=drift, own=own)
            results = validation.results(self.folder.name, wait=wait)
            done(f"{len(results.tests)} tests, {len(results.failed)} failed")
        write(results, self.folder.reports, topology=self.topology(), configs=self.configs())
        return results

    def validation(
        self,
        reporter: Reporter | None = None,
        devices: frozenset[str] | None = None,
        *,
        batched: bool = True,
        drift: bool = False,
        own: bool = True,
    ) -> "Validation":
        """Return what runs the tests of the lab, all or some, as often as is wanted."""
        from avdlab.validate import Policy, Validation, over_eapi

        chosen = self.targets(devices)
        self.check(chosen)
        backend = self.backend
        evidence = backend.evidence if isinstance(backend, EvidenceSource) else None
        trace = backend.trace if isinstance(backend, EndpointTrace) else None
        suite = self.suite(drift=drift, own=own)
        configs = self.configs()
        access = over_eapi(
            self.targets(), intended=configs, evidence=evidence, trace=trace, batched=batched
        )
        policy = Policy.of(configs, topology=self.topology(), intent=suite.intent)
        return Validation(
            access,
            suite.only({target.device for target in chosen}),
            policy,
            reporter or self.reporter,
        )

    def suite(self, *, drift: bool = True, own: bool = True) -> "Suite":
        """Plan what is tested: AVD's catalogs, our own tests, comparisons, the user's catalogs.

        Raises InputError.
        """
        from avdlab.validate.suite import build_suite
        from avdlab.validate.user import user_tests

        endpoints = Capability.ENDPOINTS in self.backend.capabilities
        return build_suite(
            self.catalogs(),
            self.structured(),
            self.topology(),
            user=user_tests(self.root, self.groups) if own else (),
            root=self.root,
            own=own,
            endpoints=endpoints,
            drift=drift,
        )

    def down(self) -> None:
        """Remove the lab and everything that it made. Idempotent."""
        with stage(self.reporter, "down"):
            self.backend.destroy()
            self.folder.remove()

    # ------------------------------------------------------------------ questions
    @cached_property
    def backend(self) -> Backend:
        """The backend that the lab was made with."""
        return open_backend(self.folder, self.user, self.settings)

    @property
    def borrowed(self) -> bool:
        """Tell whether the devices are somebody else's, who starts and ends them."""
        return Capability.BORROWED in self.backend.capabilities

    @property
    def groups(self) -> Mapping[str, Sequence[str]]:
        """Device -> its Ansible groups, as they were at the last `up`."""
        return self._built_from.groups

    def status(self) -> tuple[NodeStatus, ...]:
        """Return what is really there, now."""
        return self.backend.status()

    def targets(self, devices: frozenset[str] | None = None) -> tuple[EapiTarget, ...]:
        """Return where the devices (all, or those named) answer eAPI."""
        names = sorted(self.groups)
        chosen = [name for name in names if devices is None or name in devices]
        return tuple(self.backend.address(name) for name in chosen)

    def configs(self) -> Mapping[str, str]:
        """Return the lab config of each device, as it was at the last `up`."""
        return self._built_from.configs

    def catalogs(self) -> Mapping[str, str]:
        """Return the ANTA catalog of each device, JSON text."""
        return self._built_from.catalogs

    def structured(self) -> Mapping[str, Mapping[str, Any]]:
        """Return the structured config behind each device's lab config."""
        return self._built_from.structured

    @property
    def root(self) -> Path:
        """The folder of the inventory, where the user's own catalogs lie; or the project's."""
        inventory = self.folder.load().inventory
        if not inventory:
            return self.folder.path.parent.parent
        path = Path(inventory)
        return path if path.is_dir() else path.parent

    def topology(self) -> Topology:
        """Return the topology as it was at the last `up`."""
        try:
            return self._built_from.topology
        except FileNotFoundError:
            raise self._unfinished() from None

    @property
    def user(self) -> LabUser:
        """The user that the harness logs in with; settings override what the lab was made with."""
        state = self.folder.load()
        own = self.settings.origin.get("user", "default") != "default"
        name = self.settings.user if own else state.user
        return LabUser(name, self.settings.password or self.folder.password())

    def _unfinished(self) -> CannotRunError:
        return CannotRunError(
            f"lab '{self.folder.name}' has no devices yet: its first up did not come that far",
            hint="Run: avdlab up",
        )

    def _spec(self, made: "Design") -> LabSpec:
        seeds = {name: device.config for name, device in made.configs.devices.items()}
        name, path = self.folder.name, self.folder.path
        return LabSpec(name, path, made.topology, seeds, self.user, access=made.access)

    def _same_devices(self, made: "Design") -> None:
        """Refuse to deploy a design whose devices or cables are not those that run."""
        design, lab = set(made.configs.devices), set(self.groups)
        changes = [f"{name} is not in the lab" for name in sorted(design - lab)]
        changes += [f"{name} is not in the design any more" for name in sorted(lab - design)]
        if changes:
            raise InputError("; ".join(changes), hint="Run: avdlab up")
        if set(made.topology.links) != set(self.topology().links):
            self.reporter.note("the design's cabling is not the lab's: avdlab up would change it")


def _nothing_deployed() -> "Deployment":
    from avdlab.deploy import Deployment

    return Deployment()


def _existing(project: Path, inventory: Path | None) -> str:
    """Return the name of the one lab that was made from an inventory, "" otherwise."""
    found = states.labs_made_from(project, inventory) if inventory else ()
    return found[0].name if len(found) == 1 else ""


def _overlay_notes(made: "Design") -> list[str]:
    """Say what the overlay changed: one line per kind of change, with the devices."""
    kinds: dict[tuple[str, str], list[str]] = {}
    for change in made.configs.changes:
        kinds.setdefault((change.what, change.why), []).append(change.device)
    return [
        f"lab overlay: {what} on {_some(devices)} ({why})" for (what, why), devices in kinds.items()
    ]


def _some(devices: list[str]) -> str:
    return ", ".join(devices) if len(devices) <= 3 else f"{len(devices)} devices"
