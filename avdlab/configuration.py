"""Everything that changes the configurations of a running lab, each as one transaction.

A design on all devices, the same lines merged into all of them, checkpoints of the whole fabric,
and back to what was before.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from avdlab.backends.base import Backend, Capability, EapiTarget, EvidenceSource
from avdlab.deploy import Deployment, Gate, How, Options, deploy
from avdlab.deploy.checkpoints import Checkpoints
from avdlab.deploy.rollout import Batches, batches
from avdlab.errors import InputError
from avdlab.events import Reporter, stage
from avdlab.settings import Settings
from avdlab.state import LabFolder
from avdlab.topology.model import Topology

if TYPE_CHECKING:
    from avdlab.design import Design


class RunningLab(Protocol):
    """What is needed of a lab (lab.py)."""

    folder: LabFolder
    settings: Settings
    reporter: Reporter

    @property
    def backend(self) -> Backend: ...

    @property
    def groups(self) -> Mapping[str, Sequence[str]]: ...

    def targets(self, devices: frozenset[str] | None = None) -> tuple[EapiTarget, ...]: ...

    def check(self, targets: Sequence[EapiTarget]) -> None: ...

    def configs(self) -> Mapping[str, str]: ...

    def catalogs(self) -> Mapping[str, str]: ...

    def topology(self) -> Topology: ...


class Configuration:
    """The configurations of one lab's devices."""

    def __init__(self, lab: RunningLab) -> None:
        self._lab = lab

    @property
    def checkpoints(self) -> Checkpoints:
        """The checkpoints of this lab."""
        return Checkpoints(self._lab.folder.path)

    def replace(
        self,
        made: "Design",
        *,
        check: bool = False,
        devices: frozenset[str] | None = None,
        how: How | None = None,
    ) -> Deployment:
        """Give the devices the configurations of a design. Raises as `avdlab.deploy.deploy`."""
        targets = self._lab.targets(devices)
        texts = {t.device: made.configs.devices[t.device].config for t in targets}
        chosen = how or How()
        configs = {name: device.config for name, device in made.configs.devices.items()}
        gate = self._gate(targets, chosen, made.catalogs, configs, made.topology)
        parts = _batches(texts, made.topology, chosen)
        return self._run(targets, texts, chosen, check=check, batches=parts, gate=gate)

    def merge(
        self,
        text: str,
        *,
        check: bool = False,
        devices: frozenset[str] | None = None,
        how: How | None = None,
    ) -> Deployment:
        """Add the same lines to every device."""
        targets, chosen = self._lab.targets(devices), how or How()
        texts = {target.device: text for target in targets}
        parts = _batches(texts, self._lab.topology(), chosen)
        return self._run(
            targets,
            texts,
            chosen,
            check=check,
            merge=True,
            batches=parts,
            gate=self._own_gate(targets, chosen),
        )

    def save(self, devices: frozenset[str] | None = None) -> tuple[str, ...]:
        """Copy running to startup-configs; return the devices where they differed."""
        from avdlab.deploy.fabric import save

        targets = self._lab.targets(devices)
        self._lab.check(targets)
        return save(targets, max_workers=self._lab.settings.max_workers)

    def save_checkpoint(self, name: str, devices: frozenset[str] | None = None) -> tuple[str, ...]:
        """Keep the running-configs under a name; return the devices. Raises InputError."""
        from avdlab.deploy.fabric import running

        self.checkpoints.check_new(name)
        targets = self._lab.targets(devices)
        self._lab.check(targets)
        self.checkpoints.add(name, running(targets, max_workers=self._lab.settings.max_workers))
        return tuple(target.device for target in targets)

    def restore(
        self,
        name: str,
        *,
        check: bool = False,
        devices: frozenset[str] | None = None,
        how: How | None = None,
        keep: bool = True,
    ) -> Deployment:
        """Bring the configurations of a checkpoint back. `keep`: so that a rollback undoes it."""
        texts = {
            device: text
            for device, text in self.checkpoints.texts(name).items()
            if devices is None or device in devices
        }
        gone = sorted(set(texts) - set(self._lab.groups))
        if gone:
            raise InputError(f"checkpoint '{name}' has devices that are gone: {', '.join(gone)}")
        targets, chosen = self._lab.targets(frozenset(texts)), how or How()
        gate = self._own_gate(targets, chosen)
        return self._run(targets, texts, chosen, check=check, gate=gate, keep=keep)

    def rollback(self, *, check: bool = False, how: How | None = None) -> tuple[str, Deployment]:
        """Bring back what the last deployment replaced; once more goes back by one more.

        Returns the checkpoint's name with what was done.
        """
        last = self.checkpoints.newest().name
        done = self.restore(last, check=check, how=how, keep=False)
        if not check:
            self.checkpoints.drop(last)
        return last, done

    # ------------------------------------------------------------------ how it is done
    def _run(
        self,
        targets: tuple[EapiTarget, ...],
        texts: Mapping[str, str],
        how: How,
        *,
        gate: Gate | None,
        check: bool,
        merge: bool = False,
        batches: Batches = (),
        keep: bool = True,
    ) -> Deployment:
        lab = self._lab
        lab.check(targets)
        options = Options(
            timer=how.timer,
            gate_timeout=how.gate_timeout if gate is not None else 0.0,
            max_workers=lab.settings.max_workers,
        )
        with stage(lab.reporter, "deploy", len(targets)) as done:
            deployment = deploy(
                targets,
                texts,
                check=check,
                merge=merge,
                batches=batches,
                options=options,
                gate=gate,
                folder=lab.folder.path,
                lab_targets=lab.targets(),
                keep=keep,
                shared=Capability.BORROWED in lab.backend.capabilities,
                reporter=lab.reporter,
            )
            done(f"{len(deployment.changed)} {'would change' if check else 'changed'}")
        return deployment

    def _own_gate(self, targets: tuple[EapiTarget, ...], how: How) -> Gate | None:
        lab = self._lab
        if not how.gate:
            return None
        return self._gate(targets, how, lab.catalogs(), lab.configs(), lab.topology())

    def _gate(
        self,
        targets: tuple[EapiTarget, ...],
        how: How,
        catalogs: Mapping[str, str],
        configs: Mapping[str, str],
        topology: Topology,
    ) -> Gate | None:
        """Return the tests that must pass before commits are confirmed, None for none."""
        if not how.gate:
            return None
        from avdlab.validate import Policy
        from avdlab.validate.gate import catalogs_of, gate

        backend = self._lab.backend
        evidence = backend.evidence if isinstance(backend, EvidenceSource) else None
        return gate(
            targets,
            catalogs_of(how.gate, catalogs, [target.device for target in targets]),
            lab=self._lab.folder.name,
            evidence=evidence,
            policy=Policy.of(configs, topology=topology),
            budget=how.gate_timeout,
        )


def _batches(texts: Mapping[str, str], topology: Topology, how: How) -> Batches:
    if not how.serial:
        return ()
    spines = {node.name for node in topology.devices if "spine" in node.role}
    return batches(texts, spines, how.serial)
