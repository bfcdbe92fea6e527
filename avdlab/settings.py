"""Settings: flag, environment, project file, user file, default, in this order, with their origin.

The files are YAML (`avdlab.yml` in the project, `config.yml` in the user's configuration folder);
the environment is `AVDLAB_<SETTING>`.
"""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from avdlab.errors import InputError, Problem


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. `origin` tells where each value came from."""

    backend: str = "twin"
    user: str = "avdlab"
    password: str = field(default="", repr=False)  # "": made up for each lab
    address: str = "127.0.0.1"  # where the twin's nodes listen
    eapi_port: int = 0  # first port of the twin's nodes; 0: the first free block
    timeout: float = 120.0  # seconds for devices to become ready
    max_workers: int = 16
    overlay: bool = True
    gns3_server: str = "http://127.0.0.1:3080"
    gns3_user: str = ""
    gns3_password: str = field(default="", repr=False)
    gns3_verify: bool = True  # verify the certificate of a server that speaks https
    gns3_project: str = ""  # name of the project; "": the lab's
    gns3_adopt: bool = False  # take up a project of this name that the lab did not make
    gns3_image: str = ""  # Docker image of the devices; "": the server's only cEOS image
    gns3_naming: str = "eth"  # how cEOS finds its ports: eth (mapping file) or et (renamed NICs)
    gns3_bridge: str = "avdlab0"  # Linux bridge of the management network, on the server
    gns3_bridge_address: str = ""  # this machine's address on it; "": the design's gateway
    gns3_jump: str = ""  # user@host of the server, to reach the devices through over SSH
    gns3_endpoints: str = "none"  # connected endpoints: none, vpcs, ceos, or a Docker image
    gns3_placement: str = ""  # on which computes: spread, or leaf*=local, dc2-*=host2
    gns3_spare_ports: int = 2  # adapters of a node for cables that come later
    gns3_memory: int = 1500  # MB that a node needs, for the estimate before the start
    strictness: str = "eos"  # which lines the twin takes: eos, or ceos (as strict as cEOS-lab)
    clock: str = ""  # how a twin converges: instant, or realistic; "": as the lab was made
    origin: Mapping[str, str] = field(default_factory=dict, compare=False)


_TYPES: Mapping[str, type] = {
    "backend": str,
    "user": str,
    "password": str,
    "address": str,
    "eapi_port": int,
    "timeout": float,
    "max_workers": int,
    "overlay": bool,
    "gns3_server": str,
    "gns3_user": str,
    "gns3_password": str,
    "gns3_verify": bool,
    "gns3_project": str,
    "gns3_adopt": bool,
    "gns3_image": str,
    "gns3_naming": str,
    "gns3_bridge": str,
    "gns3_bridge_address": str,
    "gns3_jump": str,
    "gns3_endpoints": str,
    "gns3_placement": str,
    "gns3_spare_ports": int,
    "gns3_memory": int,
    "strictness": str,
    "clock": str,
}


# setting -> the least and the greatest value that makes sense
_RANGES: Mapping[str, tuple[float, float]] = {
    "eapi_port": (1, 65535),
    "timeout": (0, 86400),
    "max_workers": (1, 1024),
}


def load_settings(project: Path, flags: Mapping[str, Any] | None = None) -> Settings:
    """Merge all sources. Flags that are None are not given. Raises InputError, all problems."""
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    origin: dict[str, str] = {item.name: "default" for item in fields(Settings)}
    del origin["origin"]
    for source, data in _sources(project, flags or {}, problems):
        for key, raw in data.items():
            value = _convert(key, raw, source, problems)
            if value is not None:
                values[key] = value
                origin[key] = source
    if problems:
        raise InputError(problems)
    return Settings(**values, origin=origin)


def seconds(text: str) -> float:
    """Read a duration: `90`, `90s`, `5m`, `1h`. Raises InputError."""
    units = {"s": 1.0, "m": 60.0, "h": 3600.0}
    number, unit = (text[:-1], text[-1]) if text[-1:] in units else (text, "s")
    try:
        value = float(number) * units[unit]
    except ValueError:
        value = -1.0
    if value < 0:
        raise InputError(f"'{text}' is no duration", hint="Write 90s, 5m or 1h.")
    return value


def _sources(
    project: Path, flags: Mapping[str, Any], problems: list[Problem]
) -> list[tuple[str, Mapping[str, Any]]]:
    user_folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    files = (user_folder / "avdlab" / "config.yml", project / "avdlab.yml")
    found = [(str(path), _yaml(path, problems)) for path in files if path.is_file()]
    environment = {
        key: os.environ[f"AVDLAB_{key.upper()}"]
        for key in _TYPES
        if os.environ.get(f"AVDLAB_{key.upper()}")
    }
    found.append(("environment", environment))
    found.append(("flag", {key: value for key, value in flags.items() if value is not None}))
    return found


def _yaml(path: Path, problems: list[Problem]) -> Mapping[str, Any]:
    import yaml

    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, yaml.YAMLError) as exc:
        problems.append(Problem(f"cannot be read: {exc}", file=str(path)))
        return {}
    if not isinstance(data, dict):
        problems.append(Problem("must be a mapping of settings", file=str(path)))
        return {}
    return data


def _convert(key: str, raw: object, source: str, problems: list[Problem]) -> object | None:
    kind = _TYPES.get(key)
    if kind is None:
        known = ", ".join(_TYPES)
        problems.append(Problem(f"unknown setting '{key}'", file=source, hint=f"Known: {known}."))
        return None
    try:
        if kind is bool:
            return _boolean(raw)
        value = _number_or_text(kind, raw)
    except (TypeError, ValueError):
        problems.append(Problem(f"'{key}' must be {kind.__name__}, not '{raw}'", file=source))
        return None
    least, most = _RANGES.get(key, (-math.inf, math.inf))
    if isinstance(value, int | float) and not least <= value <= most:
        problems.append(Problem(f"'{key}' must be {least:g} to {most:g}, not {raw}", file=source))
        return None
    return value


def _number_or_text(kind: type, raw: object) -> object:
    if isinstance(raw, (dict, list, bool)):
        raise TypeError(raw)
    value: object = kind(raw)
    return value


def _boolean(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    text = str(raw).lower()
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    raise ValueError(raw)
