"""`avdlab init`: adopt an AVD repository. Two small files are added, nothing else is touched."""

import configparser
import os
from dataclasses import dataclass
from pathlib import Path

import click

from avdlab.cli import options
from avdlab.cli.output import emit_json
from avdlab.errors import InputError, NoInventoryError, Problem
from avdlab.project import find_inventory, project_of

LAB = """\
---
# A lab of the fabric, from nothing to validated; run it again and nothing changes.
# ansible-playbook -i {inventory} lab.yml [--check] [--diff] [--limit HOSTS]
# ansible-playbook -i {inventory} lab.yml -e avdlab_lab_state=absent
- name: A lab of the fabric
  hosts: {hosts}
  gather_facts: false
  vars:
    ansible_connection: local # the role makes no connection to the hosts
    ansible_become: false
  roles:
    - role: avdlab.lab.avdlab_lab
"""
LAYER = """\
---
# Lets any playbook reach the running lab instead of production:
# ansible-playbook -i {inventory} -i avdlab_inventory.yml PLAYBOOK
plugin: avdlab.lab.lab
inventory: {inventory}
"""
SKIPPED = frozenset({"intended", "documentation", "anta", "reports", "node_modules"})
NAMES = frozenset({"inventory.yml", "inventory.yaml", "hosts.yml", "hosts.yaml", "inventory.ini"})


@dataclass(frozen=True, slots=True)
class Adopted:
    """What was found in a repository."""

    inventory: Path
    project: Path
    fabrics: tuple[str, ...]
    devices: int
    outside: tuple[str, ...]
    vault: str


@click.command("init")
@options.inventory_option
@click.option("--vault-password-file", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Only say what would be written.")
@options.format_option
def command(
    inventory: Path | None, vault_password_file: Path | None, check: bool, form: str
) -> None:
    """Adopt an AVD repository: find inventory, fabric and vault, write the few lines it needs.

    Adds lab.yml (a playbook with the role avdlab_lab) and avdlab_inventory.yml (lets other
    playbooks reach the lab) beside ansible.cfg. A file that is there already is left as it is.
    """
    found = _adopt(_inventory(inventory), vault_password_file)
    written, kept = _write(found, check=check)
    if form == "json":
        emit_json(
            {
                "inventory": str(found.inventory),
                "project": str(found.project),
                "fabrics": list(found.fabrics),
                "devices": found.devices,
                "outside": list(found.outside),
                "vault": found.vault,
                "written": written,
                "kept": kept,
            }
        )
        return
    click.echo(f"inventory: {found.inventory}")
    click.echo(f"fabric:    {', '.join(found.fabrics)}, {found.devices} devices")
    click.echo(f"vault:     {found.vault or 'no password is set'}")
    for text in found.outside:
        click.echo(f"not part of it: {text}")
    for name in written:
        click.echo(f"{'would write' if check else 'written'}: {found.project / name}")
    for name in kept:
        click.echo(f"left as it is: {found.project / name}")
    click.echo(f"Next: {_next(found)}")


def _inventory(given: Path | None) -> Path:
    """Return the inventory: the given one, ansible.cfg's, or the only one below this folder."""
    if given is not None:
        return options.place(given).inventory or given
    here = Path.cwd()
    found = find_inventory(here)
    if found is not None:
        return found
    candidates = sorted(_search(here))
    if len(candidates) == 1:
        return candidates[0]
    if not candidates:
        raise NoInventoryError
    problems = [Problem("an inventory", file=str(path.relative_to(here))) for path in candidates]
    raise InputError(problems, hint="There are several: name one with -i.")


def _search(top: Path) -> list[Path]:
    """Return the files below `top` that are named as inventories are, three folders deep."""
    found: list[Path] = []
    for folder, names, files in os.walk(top):
        deep = len(Path(folder).relative_to(top).parts) >= 3
        names[:] = [n for n in names if not deep and not n.startswith(".") and n not in SKIPPED]
        found += [Path(folder) / name for name in NAMES.intersection(files)]
    return found


def _adopt(inventory: Path, vault_password_file: Path | None) -> Adopted:
    from avdlab.inventory.files import ansible_config
    from avdlab.inventory.load import load

    loaded = load(inventory, vault_password_file=vault_password_file)
    outside = tuple(
        f"{host.name}: {host.reason_outside}" for host in loaded.hosts.values() if not host.fabric
    )
    vault = _vault(ansible_config(loaded.root), vault_password_file)
    project = project_of(loaded.path)
    return Adopted(loaded.path, project, loaded.fabrics, len(loaded.design_hosts), outside, vault)


def _vault(config: Path | None, given: Path | None) -> str:
    """Say where the vault password comes from, "" when nothing names it."""
    if given is not None:
        return f"--vault-password-file {given}"
    for variable in ("ANSIBLE_VAULT_PASSWORD_FILE", "ANSIBLE_VAULT_IDENTITY_LIST"):
        if os.environ.get(variable):
            return f"{variable}={os.environ[variable]}"
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    if config is not None:
        parser.read(config, encoding="utf-8")
    for key in ("vault_password_file", "vault_identity_list"):
        value = parser.get("defaults", key, fallback="")
        if value:
            return f"{key} = {value} ({config})"
    return ""


def _write(found: Adopted, *, check: bool) -> tuple[list[str], list[str]]:
    """Add the files that are not there; return those written and those left alone."""
    inventory = os.path.relpath(found.inventory, found.project)
    texts = {
        "lab.yml": LAB.format(inventory=inventory, hosts=":".join(found.fabrics)),
        "avdlab_inventory.yml": LAYER.format(inventory=inventory),
    }
    written = [name for name in texts if not (found.project / name).exists()]
    for name in written if not check else ():
        (found.project / name).write_text(texts[name], encoding="utf-8")
    return written, [name for name in texts if name not in written]


def _next(found: Adopted) -> str:
    """Return the command that brings the lab up, as it is typed from here."""
    here = Path.cwd()
    if find_inventory(here) == found.inventory:
        return "avdlab up"
    return f"avdlab up -i {os.path.relpath(found.inventory, here)}"
