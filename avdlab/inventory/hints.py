"""What to do about templates that fail: where a play or a role sets the variable, what is missing.

An inventory is read without a play, so what only a playbook or a role defines is undefined here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import yaml

from avdlab.errors import Problem

_UNDEFINED = re.compile(r"'([A-Za-z_]\w*)' is undefined")
_MISSING = re.compile(
    r"(?:No (?:filter|test) named|plugin) '([a-z]\w*\.\w+)\.\w+'|"
    r"(?:No (?:filter|test) named) '(\w+)'"
)
_FOLDERS = (".", "playbooks", "plays", "ansible")
_ROLES = ("roles/*/defaults/main.y*ml", "roles/*/vars/main.y*ml")
_IN_PLAYS = ("vars", "set_fact", "ansible.builtin.set_fact")

Places = dict[str, str]  # variable -> file:line


def with_hints(problems: Sequence[Problem], folders: Sequence[Path]) -> list[Problem]:
    """Add hints; `folders` are where the project's playbooks and roles may lie."""
    places: Places | None = None
    found = []
    for problem in problems:
        undefined = _UNDEFINED.search(problem.message)
        missing = _MISSING.search(problem.message)
        if undefined and not problem.hint:
            if places is None:
                places = play_variables(folders)
            where = places.get(undefined[1], "")
            hint = f"{where} sets it for plays only; give it with -e, or set it in group_vars."
            found.append(replace(problem, hint=hint) if where else problem)
        elif missing and missing[1] and not problem.hint:
            hint = f"Is the collection {missing[1]} installed here?"
            found.append(replace(problem, hint=hint))
        else:
            found.append(problem)
    return found


def play_variables(folders: Sequence[Path]) -> Places:
    """Return the variables that playbooks and roles of the folders set, and where."""
    found: Places = {}
    for folder in dict.fromkeys(folders):
        for file in _files(folder):
            for name, line in _variables(file):
                found.setdefault(name, f"{file.relative_to(folder)}:{line}")
    return found


def _files(folder: Path) -> Iterator[Path]:
    for name in _FOLDERS:
        yield from sorted((folder / name).glob("*.y*ml"))
    for pattern in _ROLES:
        yield from sorted(folder.glob(pattern))


def _variables(file: Path) -> Iterator[tuple[str, int]]:
    try:
        document = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return
    if isinstance(document, yaml.SequenceNode):
        yield from _set_in(document, file)
    elif isinstance(document, yaml.MappingNode) and file.stem == "main":  # of a role
        yield from _keys(document)


def _set_in(node: yaml.Node, file: Path) -> Iterator[tuple[str, int]]:
    """Find `vars:` of plays, blocks and tasks, set_fact, and the keys of `vars_files`."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _set_in(item, file)
    if not isinstance(node, yaml.MappingNode):
        return
    for key, value in node.value:
        if key.value in _IN_PLAYS and isinstance(value, yaml.MappingNode):
            yield from _keys(value)
        elif key.value == "register" and isinstance(value, yaml.ScalarNode):
            yield value.value, value.start_mark.line + 1
        elif key.value == "vars_files" and isinstance(value, yaml.SequenceNode):
            yield from _vars_files(value, file)
        else:
            yield from _set_in(value, file)


def _keys(node: yaml.MappingNode) -> Iterator[tuple[str, int]]:
    for key, _ in node.value:
        yield str(key.value), key.start_mark.line + 1


def _vars_files(node: yaml.SequenceNode, file: Path) -> Iterator[tuple[str, int]]:
    for item in node.value:
        try:
            text = (file.parent / str(item.value)).read_text(encoding="utf-8")
            document = yaml.compose(text, Loader=yaml.SafeLoader)
        except (OSError, UnicodeDecodeError, yaml.YAMLError):
            continue  # encrypted, or named by a template
        if isinstance(document, yaml.MappingNode):
            for key, _ in document.value:
                yield str(key.value), item.start_mark.line + 1
