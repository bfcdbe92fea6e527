"""What a lab was built from, kept in its folder: later stages run from these files alone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from avdlab import state as states
from avdlab.state import LabFolder
from avdlab.topology.model import Topology

if TYPE_CHECKING:
    from avdlab.design import Design


@dataclass(frozen=True)
class BuiltFrom:
    """The files of the last `up`; `deploy` brings those of its devices up to date."""

    folder: LabFolder

    def write(self, made: "Design") -> None:
        """Keep a whole design in the place of the one before it."""
        from avdlab.topology.files import to_json

        names = sorted(made.configs.devices)
        states.replace_folder(
            self.folder.configs,
            {f"{name}.cfg": made.configs.devices[name].config for name in names},
        )
        states.replace_folder(
            self.folder.catalogs, {f"{name}.json": text for name, text in made.catalogs.items()}
        )
        structured = {f"{name}.json": _structured(made, name) for name in names}
        states.replace_folder(
            self.folder.structured, {name: text for name, text in structured.items() if text}
        )
        states.write_private(self.folder.topology, to_json(made.topology))
        groups = {name: list(made.groups.get(name, ())) for name in names}
        states.write_private(self._groups, json.dumps(groups, indent=2) + "\n")

    def write_device(self, made: "Design", device: str) -> None:
        """Keep what a design says of one device."""
        config = made.configs.devices[device].config
        states.write_private(self.folder.configs / f"{device}.cfg", config)
        structured = _structured(made, device)
        if structured:
            states.write_private(self.folder.structured / f"{device}.json", structured)
        if device in made.catalogs:
            states.write_private(self.folder.catalogs / f"{device}.json", made.catalogs[device])

    @property
    def configs(self) -> Mapping[str, str]:
        """Device -> its lab config."""
        return _texts(self.folder.configs, ".cfg")

    @property
    def catalogs(self) -> Mapping[str, str]:
        """Device -> its ANTA catalog, JSON text."""
        return _texts(self.folder.catalogs, ".json")

    @property
    def structured(self) -> Mapping[str, Mapping[str, Any]]:
        """Device -> the structured config behind its lab config, where there is one."""
        texts = _texts(self.folder.structured, ".json")
        return {name: json.loads(text) for name, text in texts.items()}

    @property
    def groups(self) -> Mapping[str, Sequence[str]]:
        """Device -> its Ansible groups; empty before the first `up`."""
        groups: dict[str, Sequence[str]] = (
            json.loads(self._groups.read_text(encoding="utf-8")) if self._groups.exists() else {}
        )
        return groups

    @property
    def topology(self) -> Topology:
        """The topology. Raises FileNotFoundError before the first `up`."""
        from avdlab.topology.files import from_json

        return from_json(self.folder.topology.read_text(encoding="utf-8"))

    @property
    def _groups(self) -> Path:
        return self.folder.path / "groups.json"


def _structured(made: "Design", device: str) -> str:
    structured = made.configs.devices[device].structured_config
    return json.dumps(structured) if structured else ""


def _texts(folder: Path, suffix: str) -> dict[str, str]:
    paths = sorted(folder.glob(f"*{suffix}"))
    return {path.name.removesuffix(suffix): path.read_text(encoding="utf-8") for path in paths}
