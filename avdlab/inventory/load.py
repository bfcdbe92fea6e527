"""From an inventory on disk to Inventory: a worker reads it, and the AVD design is told apart."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from avdlab.errors import AvdlabError, InputError, Problem
from avdlab.inventory.access import CONNECTION
from avdlab.inventory.fabrics import Membership, membership
from avdlab.inventory.files import ansible_config, project_folder, sources
from avdlab.inventory.hints import with_hints
from avdlab.inventory.locate import located, split_path
from avdlab.inventory.model import Host, Inventory
from avdlab.inventory.pattern import refuse_strangers
from avdlab.inventory.problems import merged
from avdlab.inventory.schema import refused, violations
from avdlab.project import folder_of, joined

PACKAGE_PARENT = Path(__file__).resolve().parents[2]


def load(
    path: Path,
    *,
    limit: str | None = None,
    extra_vars: Sequence[str] = (),
    vault_password_file: Path | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> Inventory:
    """Read an inventory as Ansible does. Raises InputError with all problems of all hosts.

    `meanwhile` is called while Ansible, in its own process, is at work.
    """
    found = sources(path)
    if absent := [source for source in found if not source.exists()]:
        gone = [Problem(f"there is no inventory {source}") for source in absent]
        raise InputError(gone, hint="Use -i to name one.")
    if vault_password_file is not None and not vault_password_file.is_file():
        raise InputError(f"there is no vault password file {vault_password_file}")
    extra = [_absolute(text) for text in extra_vars]
    missing = [text for text in extra if text.startswith("@") and not Path(text[1:]).is_file()]
    if missing:
        raise InputError(
            [Problem(f"there is no file {text[1:]} of extra vars") for text in missing]
        )
    inventory = joined(found)
    root = folder_of(path)
    config = ansible_config(root)
    request = {
        "inventory": [str(source) for source in found],
        "basedir": str(project_folder(root, config)),
        "limit": limit,
        "extra_vars": extra,
        "vault_password_file": str(vault_password_file.resolve()) if vault_password_file else None,
    }
    answer, notes = _ask(request, root, config, meanwhile)
    if answer["problems"]:
        problems = with_hints(_all_problems(answer), [root, *([config.parent] if config else ())])
        raise refused(_with_reason(problem, found[0], notes) for problem in problems)
    more = [text[1:] for text in extra if text.startswith("@")]
    more += [str(config)] if config else []
    consulted = () if answer["volatile"] else (*answer["consulted"], *more)
    return replace(_inventory(inventory, root, answer, limit, notes), consulted=consulted)


def _with_reason(problem: Problem, inventory: Path, notes: Sequence[str]) -> Problem:
    """Say why no inventory was parsed: Ansible warns for each plugin that it tried."""
    if not problem.message.startswith("No inventory was parsed"):
        return problem
    is_script = inventory.is_file() and os.access(inventory, os.X_OK)
    plugin = "script" if is_script else "ini" if inventory.suffix in {"", ".ini"} else "yaml"
    start = f"Failed to parse inventory with '{plugin}' plugin: "
    reasons = [note.removeprefix(start) for note in notes if note.startswith(start)]
    return replace(problem, message=f"no inventory: {reasons[0]}") if reasons else problem


def _all_problems(answer: Mapping[str, Any]) -> list[Problem]:
    """Return the worker's problems, and what AVD's schema says about the rest of the variables."""
    problems = [Problem(**problem) for problem in answer["problems"]]
    if "hosts" not in answer:
        return problems
    failed: dict[str, set[str]] = {}
    for problem in problems:
        failed.setdefault(problem.host, set()).add(split_path(problem.path)[0])
    design = [host for host in _hosts(answer)[0].values() if host.fabric is not None]
    return problems + violations(design, failed)


def _absolute(extra: str) -> str:
    """Make the file of `-e @file` independent of the folder that the worker runs in."""
    return f"@{Path(extra[1:]).expanduser().resolve()}" if extra.startswith("@") else extra


def _ask(
    request: Mapping[str, Any],
    root: Path,
    config: Path | None,
    meanwhile: Callable[[], None] | None,
) -> tuple[dict[str, Any], tuple[str, ...]]:
    # -P: a file of the inventory's folder must not stand in for a Python module.
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "avdlab.inventory.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=root,
        env=_environment(config),
    ) as process:
        try:
            if meanwhile is not None and process.stdin is not None:
                process.stdin.write(json.dumps(request) + "\n")
                process.stdin.flush()
                meanwhile()
                stdout, stderr = process.communicate()
            else:
                stdout, stderr = process.communicate(json.dumps(request) + "\n")
        except BaseException:
            process.kill()
            raise
    try:
        answer: dict[str, Any] = json.loads(stdout)
    except json.JSONDecodeError:
        last = [line for line in stderr.strip().splitlines() if line.strip()][-1:]
        why = last[0] if last else f"it ended with {process.returncode}"
        raise AvdlabError(
            f"the inventory {', '.join(request['inventory'])} was not read: {why}"
        ) from None
    return answer, _warnings(stderr)


def _environment(config: Path | None) -> dict[str, str]:
    environment = dict(os.environ)
    paths = [str(PACKAGE_PARENT), environment.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    if config is not None:
        environment["ANSIBLE_CONFIG"] = str(config)
    if "UTF-8" not in environment.get("LC_ALL", environment.get("LANG", "")).upper():
        environment["LC_ALL"] = "C.UTF-8"  # Ansible refuses other encodings
    environment |= {
        "ANSIBLE_INVENTORY_UNPARSED_FAILED": "true",
        "ANSIBLE_DEPRECATION_WARNINGS": "false",
        "ANSIBLE_NOCOLOR": "true",
    }
    return environment


def _warnings(stderr: str) -> tuple[str, ...]:
    """Return Ansible's warnings, each in one line again."""
    blocks = re.split(r"\n(?=\[)|\n\s*\n", stderr)
    found = [block for block in blocks if block.startswith("[WARNING]: ")]
    return tuple(
        dict.fromkeys(" ".join(text.removeprefix("[WARNING]: ").split()) for text in found)
    )


def _inventory(
    path: Path, root: Path, answer: Mapping[str, Any], limit: str | None, notes: tuple[str, ...]
) -> Inventory:
    hosts, members = _hosts(answer)
    _check(path, hosts, answer)
    selected = frozenset(answer["selected"])
    if limit and not selected:
        names = ", ".join(sorted(hosts))
        raise InputError(f"no host matches '{limit}'", hint=f"The inventory has: {names}.")
    if limit:
        refuse_strangers(limit, {*hosts, *answer["all_groups"]})
    left_out = tuple(f"{name}: {m.reason}" for name, m in members.items() if m.doubtful)
    return Inventory(path, root, hosts, selected, (*notes, *left_out))


def _hosts(answer: Mapping[str, Any]) -> tuple[dict[str, Host], dict[str, Membership]]:
    """Return the hosts, and which of them the design defines."""
    values = answer["values"]
    hosts: dict[str, Host] = {}
    members: dict[str, Membership] = {}
    for name, data in answer["hosts"].items():
        found = {key: values[number] for key, number in data["variables"].items()}
        variables = {key: value for key, value in found.items() if key not in CONNECTION}
        members[name] = membership(name, data["groups"], data["fabric_name"], variables)
        hosts[name] = Host(
            name,
            tuple(data["groups"]),
            variables,
            members[name].fabric,
            {key: tuple(files) for key, files in data["sources"].items()},
            members[name].reason,
            {key: value for key, value in found.items() if key in CONNECTION},
        )
    return hosts, members


def _check(path: Path, hosts: Mapping[str, Host], answer: Mapping[str, Any]) -> None:
    """Raise InputError when a fabric has no group, or no host is part of any fabric."""
    groups = answer["all_groups"]
    problems = [
        located(
            Problem(
                f"'{data['fabric_name']}' is not a group of this inventory",
                name,
                "fabric_name",
                hint=_near(data["fabric_name"], groups),
            ),
            hosts[name].sources.get("fabric_name", ()),
        )
        for name, data in answer["hosts"].items()
        if data["fabric_name"] and data["fabric_name"] not in groups
    ]
    if problems:
        raise InputError(merged(problems))
    if any(host.fabric is not None for host in hosts.values()):
        return
    reasons = "; ".join(f"{name}: {host.reason_outside}" for name, host in list(hosts.items())[:5])
    hint = f"{reasons}." if reasons else "The inventory has no hosts."
    raise InputError((Problem("no host is part of an AVD fabric", file=str(path), hint=hint),))


def _near(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=2)
    return f"Did you mean {' or '.join(near)}?" if near else "Set fabric_name to a group's name."
