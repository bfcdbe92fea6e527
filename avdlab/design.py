"""What a lab shall be: configs, cabling and catalogs, from an inventory or from texts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from avdlab.errors import InputError, NoInventoryError, Problem
from avdlab.events import Reporter, stage
from avdlab.inventory.access import Access, access_of
from avdlab.inventory.model import Inventory
from avdlab.overlay.model import LabConfigs, LabDevice, LabUser
from avdlab.overlay.profile import TWIN, Profile
from avdlab.project import folder_of, is_writable
from avdlab.render.model import Rendered
from avdlab.topology.model import Topology

# pyavd, Ansible and the twin's readers load in the functions that need them.


@dataclass(frozen=True, slots=True)
class Source:
    """Where a lab comes from: an inventory, or configuration texts and cabling, or both.

    With both, the inventory gives design and catalogs, and the texts (and cabling) replace what the
    devices run: so an edited text is validated against the unedited design.
    """

    inventory: Path | None = None
    limit: str | None = None
    extra_vars: tuple[str, ...] = ()
    vault_password_file: Path | None = None
    configs: Path | None = None
    links: Path | None = None
    intended: Path | None = None  # AVD's own output, taken instead of rendering


@dataclass(frozen=True, slots=True)
class Design:
    """What a lab shall be: configs, topology, and the catalogs that tell whether it is."""

    configs: LabConfigs
    topology: Topology
    catalogs: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    selected: frozenset[str] = frozenset()
    access: Mapping[str, Access] = field(default_factory=dict)  # how the inventory reaches devices


@dataclass(frozen=True, slots=True)
class Prepared:
    """The input of a lab, read and rendered, before the lab adds anything of its own."""

    source: Source
    name: str  # the fabric's name, or the folder's of a lab made from texts
    inventory: Inventory | None = None
    rendered: Rendered | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    written: tuple[str, ...] = ()  # files of AVD's output that changed on disk, or would
    notes: tuple[str, ...] = ()


def prepare(
    source: Source,
    reporter: Reporter,
    *,
    check: bool = False,
    save_pools: bool = False,
    only_render: bool = False,
    cached: bool = True,
) -> Prepared:
    """Read and render the input, and write AVD's folders; with `check` no file is touched.

    `save_pools` lets AVD's pool files take the node ids that were given. `only_render` makes no lab
    of it, so that cabling which contradicts itself is none of its business.

    Raises InputError, all problems.
    """
    if source.inventory is None:
        return _prepare_texts(source)
    from avdlab.inventory.load import load
    from avdlab.render import read_intended, render, warm_inputs, write

    with stage(reporter, "inventory") as done:
        inventory = load(
            source.inventory,
            limit=source.limit,
            extra_vars=source.extra_vars,
            vault_password_file=source.vault_password_file,
            meanwhile=warm_inputs,
        )
        done(f"{len(inventory.design_hosts)} devices")
    with stage(reporter, "render") as done:
        root = output_root(source.inventory)
        if source.intended is not None:  # AVD's folders are the input: nothing is written
            rendered, changed = read_intended(source.intended, inventory), []
        else:
            rendered = render(inventory, cached=cached)
            if not only_render:
                _check_cabling(rendered, inventory)
            changed = write(rendered, root, check=check, save_pools=save_pools)
        would = "would change" if check else "changed"
        done(f"{len(rendered.devices)} devices, {len(changed)} files {would}")
    if root != inventory.root and not check:
        reporter.note(f"{inventory.root} is read-only: AVD's files are in {root}")
    notes = (*inventory.notes, *rendered.notes)
    for note in notes:
        reporter.note(note)
    texts = _texts(source, frozenset(rendered.devices))
    return Prepared(
        source,
        "-".join(inventory.fabrics) or inventory.root.name,
        inventory,
        rendered,
        texts,
        tuple(str(path) for path in changed),
        notes,
    )


def _check_cabling(rendered: "Rendered", inventory: Inventory) -> None:
    """Raise InputError for cabling that contradicts itself, before anything is written."""
    from avdlab.topology import build

    build(_deployed(rendered), inventory, "")


def _deployed(rendered: "Rendered") -> LabConfigs:
    found = [device for device in rendered.devices.values() if device.deployed]
    return LabConfigs({d.name: LabDevice(d.name, d.config, d.structured_config) for d in found})


def _prepare_texts(source: Source) -> Prepared:
    if source.configs is None:
        raise NoInventoryError
    folder = source.configs.resolve()
    name = folder.parent.name if folder.name == "configs" else folder.name
    return Prepared(source, name or "lab", texts=_texts(source, None))


def _texts(source: Source, known: frozenset[str] | None) -> Mapping[str, str]:
    if source.configs is None:
        return {}
    from avdlab.backends.twin.texts import read_configs

    return read_configs(source.configs, known)


def output_root(inventory: Path) -> Path:
    """Return the folder for AVD's output: the inventory's own, or here when it is read-only."""
    root = folder_of(inventory)
    return root if is_writable(root) else Path.cwd() / f"{root.name}-output"


def design(
    prepared: Prepared,
    user: LabUser,
    reporter: Reporter,
    *,
    profile: Profile = TWIN,
    enabled: bool,
) -> Design:
    """Return what the lab shall be; `enabled` tells whether the lab overlay is applied.

    `profile` is the backend's: what its nodes need. Raises InputError when the cabling contradicts
    itself.
    """

    def overlaid(texts: Mapping[str, str]) -> LabConfigs:
        if not enabled:
            return LabConfigs({name: LabDevice(name, text) for name, text in texts.items()})
        from avdlab.overlay import overlay_text

        return overlay_text(texts, user, profile)

    if prepared.inventory is None or prepared.rendered is None:
        made = _design_from_texts(prepared, overlaid(prepared.texts))
    else:
        from avdlab.overlay import overlay

        deployed = {n: device for n, device in prepared.rendered.devices.items() if device.deployed}
        rendered = replace(prepared.rendered, devices=deployed)
        configs = overlay(rendered, user, profile, enabled=enabled)
        edited = overlaid(prepared.texts)
        made = _design_from_inventory(prepared, prepared.inventory, configs, edited)
    for note in made.topology.notes:
        reporter.note(note)
    return made


def _design_from_inventory(
    prepared: Prepared, inventory: Inventory, configs: LabConfigs, edited: LabConfigs
) -> Design:
    from avdlab.render import catalogs
    from avdlab.topology import build

    topology = build(configs, inventory, prepared.name)
    structured = {name: device.structured_config for name, device in configs.devices.items()}
    if edited.devices:
        configs = _replaced(configs, edited)
    if prepared.source.links is not None:
        from avdlab.backends.twin.texts import rewired

        topology = rewired(topology, prepared.source.links)
    return Design(
        configs,
        topology,
        catalogs(structured),
        {name: inventory.hosts[name].groups for name in configs.devices},
        inventory.selected & set(configs.devices),
        _access(inventory, configs.devices),
    )


def _access(inventory: Inventory, devices: Iterable[str]) -> dict[str, Access]:
    """Return how the inventory reaches the devices. Raises InputError for ports that are none."""
    found: dict[str, Access] = {}
    problems: list[Problem] = []
    for name in devices:
        try:
            host = inventory.hosts[name]
            found[name] = access_of(name, {**host.variables, **host.connection})
        except ValueError as exc:
            problems.append(Problem(f"its port is wrong: {exc}", host=name))
    if problems:
        raise InputError(problems)
    return found


def _design_from_texts(prepared: Prepared, configs: LabConfigs) -> Design:
    from avdlab.backends.twin.texts import topology_of

    effective = {name: device.config for name, device in configs.devices.items()}
    topology = topology_of(prepared.name, effective, prepared.source.links)
    return Design(configs, topology, {}, dict.fromkeys(effective, ()), frozenset(effective))


def _replaced(configs: LabConfigs, edited: LabConfigs) -> LabConfigs:
    """Let edited texts run instead of the design's, which still says what is tested."""
    devices = dict(configs.devices)
    for name, device in edited.devices.items():
        if name in devices:
            devices[name] = replace(devices[name], config=device.config)
    return LabConfigs(devices, configs.changes + edited.changes)
