"""The filters `arista.avd.*` for inventories read without the collection; pyavd does the work."""

from collections.abc import Callable
from typing import Any

from ansible.template import accept_args_markers
from pyavd import j2filters


class FilterModule:
    """What Ansible looks for in a filter plugin."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        found: dict[str, Callable[..., Any]] = {
            name: getattr(j2filters, name) for name in j2filters.__all__
        }
        # `default` is asked about undefined values, which Ansible else reports as errors.
        found["default"] = accept_args_markers(found["default"])
        return found
