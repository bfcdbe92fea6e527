"""Variables below group_vars in precedence, from files that ansible.cfg names.

The options and their meaning are those of the collection arista.avd, which this stands in for.
"""

from pathlib import Path
from typing import Any

from ansible.inventory.group import Group
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.vars import BaseVarsPlugin
from ansible.utils.vars import combine_vars

DOCUMENTATION = """
    name: global_vars
    short_description: Load variables with less precedence than group_vars
    description:
      - Gives the variables of the files to the group all.
    options:
      paths:
        required: true
        type: list
        elements: string
        description: Files or folders, relative to the inventory.
        ini:
          - section: vars_global_vars
            key: paths
        env:
          - name: ARISTA_AVD_GLOBAL_VARS_PATHS
      stage:
        description: When the plugin runs.
        choices: ['all', 'task', 'inventory']
        default: inventory
        type: str
"""
EXTENSIONS = {".yml", ".yaml", ".json"}


class VarsModule(BaseVarsPlugin):  # type: ignore[misc]  # Ansible is not typed
    """What Ansible looks for in a vars plugin."""

    REQUIRES_ENABLED = True

    def get_vars(
        self, loader: DataLoader, path: str, entities: object, cache: bool = True
    ) -> dict[str, Any]:
        variables: dict[str, Any] = {}
        listed = entities if isinstance(entities, list) else [entities]
        if not any(isinstance(entity, Group) and entity.name == "all" for entity in listed):
            return variables
        for file in files(Path(path), self.get_option("paths")):
            loaded = loader.load_from_file(str(file), unsafe=True, trusted_as_template=True)
            variables = combine_vars(variables, loaded or {})
        return variables


def files(inventory: Path, paths: list[str]) -> list[Path]:
    """Return the files that the paths name; of a folder, those with variables, by name."""
    folder = inventory if inventory.is_dir() else inventory.parent
    found: list[Path] = []
    for text in paths:
        path = (folder / text.strip()).resolve()
        if path.is_dir():
            inside = sorted(path.iterdir())
            found += [p for p in inside if p.suffix in EXTENSIONS and not p.name.startswith(".")]
        elif path.is_file():
            found.append(path)
    return found
