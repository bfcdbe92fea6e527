"""Backends: from a topology to a running lab."""

from avdlab.backends.base import Backend
from avdlab.errors import InputError
from avdlab.overlay.model import LabUser
from avdlab.settings import Settings
from avdlab.state import LabFolder


def open_backend(folder: LabFolder, user: LabUser, settings: Settings) -> Backend:
    """Return the backend that the lab was made with. Raises InputError for an unknown name."""
    name = folder.load().backend
    if name == "twin":
        from avdlab.backends.twin.backend import TwinBackend

        return TwinBackend(
            folder.path,
            user,
            address=settings.address,
            first_port=settings.eapi_port,
            strictness=settings.strictness,
            clock=settings.clock,
        )
    if name == "gns3":
        from avdlab.backends.gns3.backend import Gns3Backend

        return Gns3Backend(folder.path, user, settings)
    if name == "existing":
        from avdlab.backends.existing import ExistingBackend

        own = settings.origin.get("user", "default") != "default"
        return ExistingBackend(
            folder.path,
            user=settings.user if own else "",
            password=settings.password,
            max_workers=settings.max_workers,
        )
    raise InputError(f"there is no backend '{name}'", hint="Known: existing, gns3, twin.")
