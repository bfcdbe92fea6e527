"""The action behind the module avdlab.lab.fault."""

from __future__ import annotations

from typing import Any, ClassVar

from ansible_collections.avdlab.lab.plugins.plugin_utils.service import FabricAction


class ActionModule(FabricAction):  # type: ignore[misc]  # Ansible is not typed
    """Break the lab, or heal it."""

    ACTION = "fault"
    OPTIONS: ClassVar[dict[str, dict[str, Any]]] = {
        "inventory": {"type": "path"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "name": {"type": "str"},
        "links": {"type": "list", "elements": "str"},
        "nodes": {"type": "list", "elements": "str"},
        "faults": {"type": "list", "elements": "str"},
        "python": {"type": "path"},
    }
