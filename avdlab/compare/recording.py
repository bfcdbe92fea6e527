"""The folder that a recording stands in, as batfish/lab-validation lays it out.

configs/DEVICE/show_running-config.txt
show/DEVICE/show_ip_route_vrf_all_|_json.txt    what `show ip route vrf all | json` printed
show/DEVICE/show_ip_route_vrf_all.txt           the same command as text
show/host_nos.txt                               {"DEVICE": "arista" | "ios" | ...}, may be missing
batfish/layer1_topology.json                    cables, or source/topology.clab.yml, or none
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from avdlab.errors import InputError
from avdlab.net.release import Release

CONFIG_FILE = "show_running-config.txt"
_JSON = " | json"
_CABLING = ("batfish/layer1_topology.json", "layer1_topology.json", "source/topology.clab.yml")
_EOS_NAMES = {"arista", "eos", "arista_eos", "ceos", "veos"}


@dataclass(frozen=True, slots=True)
class Output:
    """What one device printed for one command. `data` is the JSON; None for text."""

    command: str
    text: str
    data: dict[str, Any] | None = None


@dataclass(frozen=True)
class RecordedDevice:
    """One EOS device of a recording."""

    name: str
    config: str
    folder: Path  # of its outputs
    versions: dict[str, Any] = field(default_factory=dict)  # `show version | json`

    @cached_property
    def release(self) -> Release | None:
        """The EOS release: of `show version`, else of the configuration's header."""
        header = "\n".join(self.config.splitlines()[:3])
        return Release.parse(str(self.versions.get("version", ""))) or Release.parse(header)

    @property
    def model(self) -> str:
        """The platform: vEOS, cEOSLab, DCS-7280SR-48C6-F ..."""
        found = str(self.versions.get("modelName", ""))
        return found or next((m for m in ("cEOSLab", "vEOS") if m in self.config[:300]), "")

    @property
    def system_mac(self) -> str | None:
        """The system MAC address, where `show version` was recorded."""
        found = self.versions.get("systemMacAddress")
        return str(found) if found else None

    @property
    def port_macs(self) -> dict[str, str]:
        """The MAC addresses of interfaces, where `show interfaces` was recorded."""
        found = self.output("show interfaces")
        interfaces = found.data.get("interfaces", {}) if found is not None and found.data else {}
        return {
            str(name): str(facts["physicalAddress"])
            for name, facts in interfaces.items()
            if isinstance(facts, dict) and facts.get("physicalAddress")
        }

    def outputs(self) -> Iterator[Output]:
        """Yield what was recorded, by command."""
        for path in sorted(self.folder.glob("show_*")) if self.folder.is_dir() else ():
            if path.is_file():
                yield _output(path)

    def output(self, command: str) -> Output | None:
        """Return the JSON of one command, None where it was not recorded."""
        asked = (found for found in self.outputs() if found.command == command)
        return next((found for found in asked if found.data is not None), None)


def command_of(file_name: str) -> tuple[str, bool]:
    """Return the command of a file name, and whether its JSON was asked for."""
    words = file_name.rpartition(".")[0].replace("_", " ")
    return words.removesuffix(_JSON), words.endswith(_JSON)


def file_name(command: str, *, as_json: bool) -> str:
    """Return the name that a command's output is recorded under."""
    stem = (command + _JSON if as_json else command).replace(" ", "_").replace("/", "-")
    return stem + (".json" if as_json else ".txt")


def _output(path: Path) -> Output:
    command, as_json = command_of(path.name)
    text = path.read_text(encoding="utf-8", errors="replace")
    return Output(command, text, _parsed(text) if as_json else None)


def _parsed(text: str) -> dict[str, Any]:
    """Read JSON as EOS printed it; an error that it printed instead becomes `errors`."""
    try:
        found = json.loads(text)
    except ValueError:
        return {"errors": [text.strip().lstrip("% ")]}
    return found if isinstance(found, dict) else {"output": found}


@dataclass(frozen=True)
class Recording:
    """One recorded lab."""

    folder: Path
    devices: dict[str, RecordedDevice]
    foreign: dict[str, str]  # devices of other vendors: name -> what they run, "" if unknown

    @classmethod
    def open(cls, folder: Path) -> "Recording":
        """Read what devices there are. Raises InputError where the folder is no recording."""
        paths = sorted(folder.glob(f"configs/*/{CONFIG_FILE}"))
        if not paths:
            raise InputError(
                f"{folder} is no recording: it has no configs/DEVICE/{CONFIG_FILE}",
                hint="Make one with: avdlab record FOLDER",
            )
        systems = _systems(folder / "show" / "host_nos.txt")
        devices: dict[str, RecordedDevice] = {}
        foreign: dict[str, str] = {}
        for path in paths:
            name, text = path.parent.name, path.read_text(encoding="utf-8", errors="replace")
            if _is_eos(text, systems.get(name, "")):
                outputs = folder / "show" / name
                devices[name] = RecordedDevice(name, text, outputs, _versions(outputs))
            else:
                foreign[name] = systems.get(name, "")
        return cls(folder, devices, foreign)

    @property
    def name(self) -> str:
        return self.folder.resolve().name

    def foreign_configs(self) -> Iterator[tuple[str, str]]:
        """Yield the configurations of other vendors' devices."""
        for name in self.foreign:
            path = self.folder / "configs" / name / CONFIG_FILE
            yield name, path.read_text(encoding="utf-8", errors="replace")

    def cabling(self) -> object | None:
        """Return the cabling file's data, None where there is none. Raises InputError."""
        for name in _CABLING:
            path = self.folder / name
            if path.exists():
                try:
                    found: object = yaml.safe_load(path.read_text(encoding="utf-8"))
                    return found  # JSON is YAML too
                except yaml.YAMLError as exc:
                    raise InputError(f"{path} cannot be read: {exc}") from exc
        return None


def _systems(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _is_eos(config: str, system: str) -> bool:
    """Tell EOS by what the recorder noted, else by the header of the running-config."""
    return system.lower() in _EOS_NAMES if system else "EOS" in config[:400]


def _versions(outputs: Path) -> dict[str, Any]:
    for path in sorted(outputs.glob("show_version_|_json.*")):
        found = _parsed(path.read_text(encoding="utf-8", errors="replace"))
        if "errors" not in found:
            return found
    return {}
