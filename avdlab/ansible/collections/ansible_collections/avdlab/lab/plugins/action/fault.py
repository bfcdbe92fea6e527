"""The action behind the module avdlab.lab.fault."""

from __future__ import annotations

from ansible_collections.avdlab.lab.plugins.plugin_utils.service import FabricAction


class ActionModule(FabricAction):
    """Break the lab, or heal it."""

    ACTION = "fault"
    OPTIONS = {
        "inventory": {"type": "path"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "name": {"type": "str"},
        "links": {"type": "list", "elements": "str"},
        "nodes": {"type": "list", "elements": "str"},
        "python": {"type": "path"},
    }
