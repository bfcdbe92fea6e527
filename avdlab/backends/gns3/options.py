"""The settings of the GNS3 backend, checked, and what of them a lab remembers.

A lab goes on with the server, bridge and names that it was made with, also where the settings of
a later run say nothing of them. The password is never kept: it comes from the settings or from
AVDLAB_GNS3_PASSWORD each time.
"""

import fnmatch
import ipaddress
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any
from urllib.parse import urlsplit

from avdlab.backends.gns3.ceos import Naming
from avdlab.errors import InputError, Problem
from avdlab.settings import Settings

BRIDGE = re.compile(r"[A-Za-z0-9_.-]{1,15}")  # IFNAMSIZ
IMAGE = re.compile(r"[a-z0-9][a-z0-9._/:@-]*", re.IGNORECASE)
MOST_SPARE = 32
SPREAD = "spread"


@dataclass(frozen=True, slots=True)
class Pin:
    """Nodes whose names match the pattern run on one compute."""

    pattern: str
    compute: str

    def covers(self, device: str) -> bool:
        return fnmatch.fnmatchcase(device, self.pattern)


@dataclass(frozen=True, slots=True)
class Options:
    """The settings by their names without `gns3_`."""

    server: str
    user: str
    password: str = field(repr=False)
    verify: bool
    project: str
    image: str
    naming: Naming
    bridge: str
    bridge_address: str
    jump: str
    endpoints: str
    placement: str
    spare_ports: int
    memory: int

    @property
    def pins(self) -> tuple[Pin, ...]:
        return tuple(Pin(*_pin_parts(text)) for text in _placement(self.placement) if "=" in text)

    @property
    def spread(self) -> bool:
        """Use all computes, although one would do."""
        return SPREAD in _placement(self.placement)

    def to_json(self) -> str:
        """Return what a lab remembers: everything but the login's password."""
        kept = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "password"}
        return json.dumps(kept, indent=2, sort_keys=True) + "\n"


def options(settings: Settings, remembered: str = "") -> Options:
    """Return the options of a run: what was set now wins over what the lab remembers.

    Raises InputError with every problem.
    """
    kept: Mapping[str, Any] = json.loads(remembered) if remembered else {}
    values: dict[str, Any] = {}
    for name in (f.name for f in fields(Options)):
        setting = f"gns3_{name}"
        given = settings.origin.get(setting, "default") != "default"
        use_kept = not given and name in kept
        values[name] = kept[name] if use_kept else getattr(settings, setting)
    problems = list(_problems(values))
    if problems:
        raise InputError(problems)
    return Options(**values | {"naming": Naming(values["naming"])})


def _problems(values: Mapping[str, Any]) -> Sequence[Problem]:
    found: list[Problem] = []

    def check(good: object, name: str, text: str) -> None:
        if not good:
            found.append(Problem(f"gns3_{name}: '{values[name]}' {text}"))

    url = urlsplit(str(values["server"]))
    check(
        url.scheme in {"http", "https"} and url.hostname,
        "server",
        "is no address of a server: write http://host:3080",
    )
    check(
        values["naming"] in {naming.value for naming in Naming}, "naming", "is neither eth nor et"
    )
    check(BRIDGE.fullmatch(values["bridge"]), "bridge", "is no name of a Linux bridge")
    address = str(values["bridge_address"])
    check(not address or _is_address(address), "bridge_address", "is no IPv4 address")
    for name in ("image", "endpoints"):
        check(not values[name] or IMAGE.fullmatch(values[name]), name, "is no Docker image")
    check(
        0 <= values["spare_ports"] <= MOST_SPARE, "spare_ports", f"is not within 0 to {MOST_SPARE}"
    )
    check(values["memory"] >= 0, "memory", "is no size in MB")
    pins = [text for text in _placement(str(values["placement"])) if text != SPREAD]
    wrong = [text for text in pins if not all(_pin_parts(text))]
    return [*found, *(Problem(f"gns3_placement: '{t}' is not pattern=compute") for t in wrong)]


def _is_address(text: str) -> bool:
    try:
        ipaddress.IPv4Address(text.partition("/")[0])
    except ValueError:
        return False
    return True


def _pin_parts(text: str) -> tuple[str, str]:
    pattern, _, compute = text.partition("=")
    return pattern.strip(), compute.strip()


def _placement(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
