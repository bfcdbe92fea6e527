"""Reads an Ansible inventory in a process of its own: JSON on stdin, JSON on stdout.

Ansible keeps vault secrets, settings and plugin paths in globals of the process, so each inventory
gets a fresh one. Secrets travel through the pipes only.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ansible import constants, context
from ansible.cli import CLI
from ansible.errors import AnsibleError
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import init_plugin_loader
from ansible.template import trust_as_template
from ansible.utils.vars import load_extra_vars
from ansible.vars.hostvars import HostVars
from ansible.vars.manager import VariableManager

from avdlab.errors import Problem
from avdlab.inventory.fabrics import DEVICE_KEYS
from avdlab.inventory.locate import located, split_path
from avdlab.inventory.sources import SourceFinder, is_encrypted
from avdlab.inventory.templating import VAULT_HINT, Result, Values, reason, resolve, wanted

COLLECTIONS = Path(__file__).parent
YAML_SUFFIXES = frozenset({".yml", ".yaml", ".json"})


def main() -> None:
    """Answer the request on stdin. Whatever Ansible prints goes to stderr."""
    answer_fd = os.dup(1)
    os.dup2(2, 1)
    request = json.loads(sys.stdin.readline())
    answer = read(request)
    with os.fdopen(answer_fd, "w", encoding="utf-8") as stream:
        json.dump(answer, stream)


def read(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return hosts, their variables and groups, or problems."""
    # Ansible templates only what it is told to trust, and trusts its own command line.
    extra_vars = tuple(trust_as_template(text) for text in request["extra_vars"])
    context._init_global_context(argparse.Namespace(extra_vars=extra_vars))
    init_plugin_loader([] if _has_avd() else [str(COLLECTIONS)])
    loader = DataLoader()
    loader.set_basedir(request["basedir"])
    try:
        has_secrets = _open_vault(loader, request["vault_password_file"])
        # Before the inventory's plugins do: Ansible would say that no inventory could be parsed.
        extra = frozenset(load_extra_vars(loader))
    except AnsibleError as exc:
        return {"problems": [asdict(_general(exc, "-e"))]}
    try:
        inventory = InventoryManager(loader=loader, sources=request["inventory"])
        variables = VariableManager(loader=loader, inventory=inventory)
        inventory.subset(request["limit"])
        if request["limit"] and not inventory._subset:  # no pattern in it: Ansible takes all hosts
            return {"problems": [asdict(Problem(f"'{request['limit']}' is no host pattern"))]}
        selected = [host.name for host in inventory.get_hosts()]
    except AnsibleError as exc:
        return {"problems": [asdict(_unparsed(exc, loader, request["inventory"]))]}
    HostVars(inventory, variables, loader)
    finder = SourceFinder(loader, inventory)
    finder.read_all()
    if finder.broken:
        problems = _broken_files(finder.broken, has_secrets=has_secrets)
        return {"problems": [asdict(problem) for problem in problems]}
    answer = _hosts(inventory, variables, loader, finder, extra)
    return {
        **answer,
        "selected": selected,
        "consulted": [*finder.consulted(), *_vault_files(request["vault_password_file"])],
        "volatile": _volatile(request["inventory"], answer.pop("volatile")),
    }


def _vault_files(password_file: str | None) -> list[str]:
    named = [password_file] if password_file else []
    identities = [str(text).rpartition("@")[2] for text in constants.DEFAULT_VAULT_IDENTITY_LIST]
    default = [str(constants.DEFAULT_VAULT_PASSWORD_FILE or "")]
    return [path for path in (*named, *identities, *default) if path and Path(path).is_file()]


def _volatile(sources: Sequence[str], templates: bool) -> bool:
    """Tell whether reading the same files again may give other values."""
    known_plugins = {"host_group_vars", "arista.avd.global_vars"}
    if templates or not known_plugins.issuperset(constants.VARIABLE_PLUGINS_ENABLED):
        return True
    return any(_is_computed(Path(source)) for source in sources)


def _is_computed(source: Path) -> bool:
    if source.is_dir() or os.access(source, os.X_OK):
        return True
    text = source.read_text(encoding="utf-8", errors="replace")
    return any(line.startswith("plugin:") for line in text.splitlines())


def _has_avd() -> bool:
    """Tell whether the user has the collection arista.avd installed."""
    folders = [*constants.COLLECTIONS_PATHS, *sys.path]
    found = (Path(folder).expanduser() / "ansible_collections/arista/avd" for folder in folders)
    return any((path / "plugins").is_dir() for path in found)


def _open_vault(loader: DataLoader, password_file: str | None) -> bool:
    secrets = CLI.setup_vault_secrets(
        loader,
        vault_ids=list(constants.DEFAULT_VAULT_IDENTITY_LIST),
        vault_password_files=[password_file] if password_file else [],
        ask_vault_pass=False,
        auto_prompt=False,
    )
    loader.set_vault_secrets(secrets)
    return bool(secrets)


def _general(exc: AnsibleError, source: str) -> Problem:
    text = reason(exc)
    if "vault" in text.lower():
        return Problem(f"no vault password: {text}", hint=VAULT_HINT)
    return Problem(text, file=source)


def _unparsed(exc: AnsibleError, loader: DataLoader, sources: Sequence[str]) -> Problem:
    """Ansible says only that no plugin could read a source; for YAML the line can be told."""
    named = next((source for source in sources if source in reason(exc)), sources[0])
    if Path(named).suffix in YAML_SUFFIXES:
        try:
            loader.load_from_file(named)
        except AnsibleError as broken:
            return _broken_file(named, broken)
    return _general(exc, named)


def _broken_files(broken: Mapping[str, AnsibleError], *, has_secrets: bool) -> list[Problem]:
    encrypted = [file for file in sorted(broken) if is_encrypted(file)]
    problems = [_broken_file(file, exc) for file, exc in broken.items() if file not in encrypted]
    if encrypted and has_secrets:
        text = "the vault password does not open this file"
        problems += [Problem(text, file=file) for file in encrypted]
    elif encrypted:
        more = f" (and {len(encrypted) - 1} more files)" if len(encrypted) > 1 else ""
        text = f"the file is encrypted and there is no vault password{more}"
        problems.append(Problem(text, file=encrypted[0], hint=VAULT_HINT))
    return problems


def _broken_file(file: str, exc: AnsibleError) -> Problem:
    cause: BaseException | None = exc
    while cause is not None:
        mark = getattr(cause, "problem_mark", None)
        if mark is not None:
            text = f"not valid YAML: {getattr(cause, 'problem', cause)}"
            return Problem(text, file=file, line=mark.line + 1)
        cause = cause.__cause__
    return Problem(reason(exc), file=file)


def _hosts(
    inventory: InventoryManager,
    variables: VariableManager,
    loader: DataLoader,
    finder: SourceFinder,
    extra: frozenset[str],
) -> dict[str, Any]:
    values = Values()
    hosts: dict[str, Any] = {}
    problems: list[Problem] = []
    for host in inventory.get_hosts(ignore_limits=True):
        own = variables.get_vars(host=host)
        raw = {**_role_defaults(own), **own}
        sources = {**finder.of(host), **dict.fromkeys(extra, ("-e",))}
        named = resolve(host.name, raw, frozenset({"fabric_name"}), loader, values)
        name = _fabric_name(named, values)
        groups = sorted(group.name for group in host.get_groups())
        inside = name in groups or not DEVICE_KEYS.isdisjoint(raw)
        found = resolve(host.name, raw, wanted(raw), loader, values, lenient=not inside)
        problems += [
            located(problem, sources.get(split_path(problem.path)[0], ()))
            for problem in (found if inside else named).problems
        ]
        hosts[host.name] = {
            "groups": groups,
            "variables": found.variables,
            "fabric_name": name,
            "sources": {key: list(sources[key]) for key in found.variables if key in sources},
        }
    return {
        "problems": [asdict(problem) for problem in problems],
        "hosts": hosts,
        "values": values.items,
        "all_groups": sorted(inventory.groups),
        "volatile": values.volatile,
    }


def _fabric_name(named: Result, values: Values) -> str | None:
    number = named.variables.get("fabric_name")
    return None if number is None else str(values.items[number])


def _role_defaults(raw: Mapping[str, Any]) -> dict[str, str]:
    """Return what a play of AVD's roles defines and inventories may refer to."""
    root = str(raw.get("inventory_dir") or "")
    output, documentation = f"{root}/intended", f"{root}/documentation"
    return {
        "root_dir": root,
        "playbook_dir": root,
        "output_dir_name": "intended",
        "output_dir": output,
        "structured_dir_name": "structured_configs",
        "structured_dir": f"{output}/structured_configs",
        "eos_config_dir_name": "configs",
        "eos_config_dir": f"{output}/configs",
        "documentation_dir_name": "documentation",
        "documentation_dir": documentation,
        "fabric_dir_name": "fabric",
        "fabric_dir": f"{documentation}/fabric",
        "devices_dir_name": "devices",
        "devices_dir": f"{documentation}/devices",
    }


if __name__ == "__main__":
    main()
