"""What an export is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from avdlab.backends.base import EapiTarget, SshTarget
from avdlab.overlay.model import LabUser
from avdlab.topology.model import Topology

Files = dict[str, str]  # relative path -> text


@dataclass(frozen=True, slots=True)
class Subject:
    """A lab: what runs, and where it answers. `folder` is where the files will lie."""

    name: str
    folder: Path
    user: LabUser
    topology: Topology
    configs: Mapping[str, str]
    groups: Mapping[str, Sequence[str]]
    targets: Sequence[EapiTarget] = ()
    ssh: Sequence[SshTarget] = ()
    catalogs: Mapping[str, str] = field(default_factory=dict)
