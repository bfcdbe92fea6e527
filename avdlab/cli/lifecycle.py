"""What `plan`, `up` and `deploy` share: from the command line's options to a prepared input."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from avdlab.cli import options
from avdlab.events import Reporter
from avdlab.lab import Lab
from avdlab.settings import Settings

if TYPE_CHECKING:
    from avdlab.design import Prepared

SETTINGS = (
    *("backend", "eapi_port", "timeout", "max_workers", "overlay", "strictness", "clock"),
    *("gns3_server", "gns3_image", "gns3_project", "gns3_adopt"),
)


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks for, read and rendered; no lab was touched yet."""

    project: Path
    settings: Settings
    prepared: "Prepared"
    reporter: Reporter

    def lab(self, name: str | None) -> Lab:
        """Return the lab that the request is about."""
        return Lab.of(self.prepared, self.project, self.settings, self.reporter, name)


def request(given: dict[str, Any], reporter: Reporter, *, check: bool = False) -> Request:
    """Read the options, load the inventory and render; with `check` no file is written.

    Raises InputError with every problem.
    """
    from avdlab.design import Source, prepare

    where = options.place(given["inventory"])
    if given.get("configs") is not None and given["inventory"] is None:
        where = options.Place(None, Path.cwd())  # a lab made from texts alone
    settings = options.settings(where.project, {key: given.get(key) for key in SETTINGS})
    source = Source(
        where.inventory,
        limit=given.get("limit"),
        extra_vars=tuple(given.get("extra_vars") or ()),
        vault_password_file=given.get("vault_password_file"),
        configs=given.get("configs"),
        links=given.get("links"),
        intended=given.get("intended"),
    )
    return Request(where.project, settings, prepare(source, reporter, check=check), reporter)
