"""The action behind the module avdlab.lab.lab."""

from __future__ import annotations

from typing import Any, ClassVar

from ansible_collections.avdlab.lab.plugins.plugin_utils.service import FabricAction

STATES = ["built", "present", "deployed", "validated", "absent"]


class ActionModule(FabricAction):  # type: ignore[misc]  # Ansible is not typed
    """Bring the lab to a state."""

    ACTION = "lab"
    OPTIONS: ClassVar[dict[str, dict[str, Any]]] = {
        "inventory": {"type": "path"},
        "state": {"type": "str", "choices": STATES, "default": "present"},
        "name": {"type": "str"},
        "backend": {"type": "str"},
        "timeout": {"type": "str"},
        "intended": {"type": "path"},
        "configs": {"type": "path"},
        "links": {"type": "path"},
        "python": {"type": "path"},
    }
