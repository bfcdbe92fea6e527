"""Inventory plugin avdlab.lab.lab: where the devices of a running lab answer."""

from __future__ import annotations

DOCUMENTATION = r"""
---
name: lab
short_description: The devices of a running lab
version_added: 0.1.0
description:
  - Lets any playbook reach a running lab, with C(arista.eos) and C(ansible.netcommon) for example.
  - Name it after your AVD inventory, C(-i inventory.yml -i avdlab_inventory.yml). Yours stays as it
    is; what this plugin says of a host wins over the inventory file and group_vars. It does not win
    over files in C(host_vars/), so keep connection variables out of there.
  - The file's name must be C(avdlab_inventory.yml) or end in C(.avdlab_inventory.yml).
author:
  - the avdlab developers (@avdlab)
extends_documentation_fragment:
  - constructed
options:
  plugin:
    description: This plugin's name.
    type: str
    required: true
    choices: [avdlab.lab.lab]
  inventory:
    description:
      - The AVD inventory that the lab was made from, relative to this file.
      - By default the only lab of this file's folder is meant.
    type: str
  name:
    description: Name of the lab, where an inventory has several.
    type: str
  required:
    description: Whether it is an error when no lab is up.
    type: bool
    default: false
notes:
  - Each host gets C(ansible_host), C(ansible_httpapi_port), C(ansible_connection) and so on for
    eAPI over TLS, with the lab's own user. The password is read from the lab's folder when it is
    used, and does not show in C(ansible-inventory --list).
  - Each host also gets C(avdlab_lab), C(avdlab_role) and C(avdlab_state), and is put into the
    groups C(avdlab_lab), C(avdlab_role_<role>) and C(avdlab_state_<state>).
"""

EXAMPLES = r"""
# avdlab_inventory.yml
plugin: avdlab.lab.lab
inventory: inventory/inventory.yml

# ansible-playbook -i inventory/inventory.yml -i avdlab_inventory.yml facts.yml
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Constructable
from ansible.utils.display import Display

if TYPE_CHECKING:
    from avdlab.lab import Lab

try:
    from ansible.template import trust_as_template
except ImportError:  # before ansible-core 2.19 templates of plugins are trusted

    def trust_as_template(value: str) -> str:
        """Return the value as it is."""
        return value


FILES = ("avdlab_inventory.yml", "avdlab_inventory.yaml")
ENDS = tuple(f".{name}" for name in FILES)
display = Display()


class InventoryModule(BaseInventoryPlugin, Constructable):  # type: ignore[misc]  # not typed
    """What Ansible looks for in an inventory plugin."""

    NAME = "avdlab.lab.lab"

    def verify_file(self, path: str) -> bool:
        """Tell whether a file is meant for this plugin."""
        name = Path(path).name
        return bool(super().verify_file(path)) and (name in FILES or name.endswith(ENDS))

    def parse(self, inventory: object, loader: object, path: str, cache: bool = True) -> None:
        """Add the devices of the lab, if it is up."""
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        lab = self._lab(Path(path).absolute().parent)
        if lab is not None:
            self._add(lab)

    def _lab(self, folder: Path) -> Lab | None:
        try:
            from avdlab.errors import AvdlabError, NoLabError
            from avdlab.lab import Lab
            from avdlab.state import find_lab
        except ImportError as exc:
            raise AnsibleParserError(
                "avdlab is not installed for the Python that runs Ansible"
            ) from exc
        named, name = self.get_option("inventory"), self.get_option("name")
        try:
            if named:
                return Lab.open(folder / Path(named).expanduser(), name)
            from avdlab.events import Reporter
            from avdlab.settings import load_settings

            return Lab(find_lab(folder, name=name or ""), load_settings(folder), Reporter())
        except NoLabError as exc:
            if self.get_option("required"):
                raise AnsibleParserError(str(exc)) from exc
            display.warning(f"{exc} The hosts are those of your inventory, not of a lab.")
            return None
        except AvdlabError as exc:
            raise AnsibleParserError(str(exc)) from exc

    def _add(self, lab: Lab) -> None:
        from avdlab.ansible.connection import connection

        nodes = lab.topology().nodes
        states = {status.node: status.state.value for status in lab.status()}
        for target in lab.targets():
            role = nodes[target.device].role if target.device in nodes else ""
            variables = connection(lab, target)
            password = _from_file(variables.pop("password_file"))
            variables |= {
                "ansible_password": password,
                "avdlab_lab": lab.folder.name,
                "avdlab_role": role,
                "avdlab_state": states.get(target.device, "absent"),
            }
            self._add_host(target.device, variables, lab)

    def _add_host(self, device: str, variables: dict[str, Any], lab: Lab) -> None:
        self.inventory.add_host(device)
        for key, value in variables.items():
            self.inventory.set_variable(device, key, _trusted(value))
        kinds = ["avdlab_lab", f"avdlab_state_{variables['avdlab_state']}"]
        kinds += [f"avdlab_role_{variables['avdlab_role']}"] if variables["avdlab_role"] else []
        for group in kinds:
            name = self.inventory.add_group(group.replace("-", "_"))
            self.inventory.add_child(name, device)
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), variables, device, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), variables, device, strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, device, strict)


def _from_file(path: str) -> str:
    """Return a template that reads a secret when it is used."""
    return "{{ lookup('ansible.builtin.file', " + json.dumps(path) + ") }}"


def _trusted(value: object) -> object:
    """Mark our own text as ours: ansible-inventory prints what nobody vouches for as "unsafe"."""
    return trust_as_template(value) if isinstance(value, str) else value
