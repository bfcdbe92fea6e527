"""What rendering makes: structured configs, configs, documentation, catalogs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class RenderedDevice:
    """One device as AVD intends it. `structured_config` must not be changed by anybody."""

    name: str
    fabric: str
    structured_config: Mapping[str, Any]
    config: str
    documentation: str = ""
    deployed: bool = True  # is_deployed
    role: str = ""  # AVD's node type
    structured_text: str = ""  # the structured config as YAML, where rendering made it

    @property
    def node_type(self) -> str:
        """AVD's node type: spine, l3leaf, l2leaf ... ("" when the design says none)."""
        return self.role


@dataclass(frozen=True, slots=True)
class Rendered:
    """All devices of the inventory's fabrics, and what goes to disk beside them."""

    devices: Mapping[str, RenderedDevice]
    catalogs: Mapping[str, str] = field(default_factory=dict)  # device -> ANTA catalog, JSON text
    fabric_documents: Mapping[str, str] = field(default_factory=dict)  # relative path -> text
    notes: tuple[str, ...] = ()
    pools: Mapping[Path, str] = field(default_factory=dict)  # pool files as they would become
    custom: bool = False  # the user's own modules or templates took part
