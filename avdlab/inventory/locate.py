"""Where a value stands in the YAML files of an inventory."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import yaml

from avdlab.errors import Problem

_YAML = frozenset({".yml", ".yaml", ".json"})
_PART = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


def key_path(parts: Sequence[str | int]) -> str:
    """Write a path as people do: `l3leaf.node_groups[0].bgp_as`."""
    text = ""
    for part in parts:
        index = isinstance(part, int) or (part.isdigit() and text)
        text += f"[{part}]" if index else f".{part}" if text else str(part)
    return text


def split_path(path: str) -> tuple[str, ...]:
    """Split what `key_path` wrote."""
    return tuple(index or key for index, key in _PART.findall(path))


def located(problem: Problem, files: Sequence[str]) -> Problem:
    """Add file and line to a problem whose key the files set, the winning one last."""
    if problem.file or not files:
        return problem
    parts = split_path(problem.path)
    found = [(*line_of(file, parts), file) for file in reversed(files)]
    _, line, file = max(found, key=lambda item: item[0])
    return replace(problem, file=file, line=line)


def line_of(file: str, parts: Sequence[str]) -> tuple[int, int]:
    """Return (how many parts of the path were found, line); (0, 0) where nothing is found.

    A variable set in an inventory file stands below its host or group: there the deepest key of
    that name is taken.
    """
    if parts and Path(file).suffix not in _YAML:
        return _line_of_ini(file, parts[0])
    document = _document(file)
    if document is None:
        return 0, 0
    depth, line = _walk(document, parts)
    if depth == 0 and parts:
        for holder in _holders(document, parts[0]):
            depth, line = max((depth, line), _walk(holder, parts))
    return depth, line


def _line_of_ini(file: str, variable: str) -> tuple[int, int]:
    """Return the last line of an ini inventory that sets a variable, at a host or in `[x:vars]`."""
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return 0, 0
    sets = re.compile(rf"(?:^|\s){re.escape(variable)}\s*=")
    found = [number for number, line in enumerate(lines, start=1) if sets.search(line)]
    return (1, found[-1]) if found else (0, 0)


@lru_cache(maxsize=256)
def _document(file: str) -> yaml.Node | None:
    """Parse without making values, so that tags (`!vault`) and duplicates do not matter."""
    try:
        text = Path(file).read_text(encoding="utf-8")
        return yaml.compose(text, Loader=_loader())
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return None


def _loader() -> type[yaml.SafeLoader]:
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _walk(node: yaml.Node, parts: Sequence[str]) -> tuple[int, int]:
    depth, line = 0, 0
    for part in parts:
        step = _step(node, part)
        if step is None:
            break
        line, node = step
        depth += 1
    return depth, line


def _step(node: yaml.Node, part: str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == part:
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and part.isdigit() and int(part) < len(node.value):
        item = node.value[int(part)]
        return item.start_mark.line + 1, item
    return None


def _holders(node: yaml.Node, key: str) -> list[yaml.Node]:
    """Return the mappings anywhere in the document that set the key."""
    found: list[yaml.Node] = []
    if isinstance(node, yaml.MappingNode):
        if any(name.value == key for name, _ in node.value):
            found.append(node)
        for _, value in node.value:
            found += _holders(value, key)
    return found
