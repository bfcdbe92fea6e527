"""Variables of hosts as plain data: templated, decrypted, checked. Runs in the worker.

A group variable is one object that all its hosts share. What has no template in it is converted
once for all of them, and of the rest only the templates are worked out for each host: templating
every variable of every host as a whole is what makes large inventories slow.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from jinja2 import TemplateError

from avdlab.errors import Problem
from avdlab.inventory.access import CONNECTION
from avdlab.inventory.consulted import VOLATILE
from avdlab.inventory.locate import key_path

VAULT_HINT = "Set vault_password_file in ansible.cfg, or use --vault-password-file."
_MARKERS = ("{{", "{%", "{#")
KEY = "<key>"  # ends the path of a template that is a key
NOT_SERIALIZABLE = "<not serializable>"  # what pyavd writes for a value that JSON cannot carry
# What Ansible itself adds, and what says how to connect: rendering needs neither.
MAGIC = frozenset(
    {"environment", "group_names", "groups", "hostvars", "inventory_dir", "inventory_file"}
    | {"inventory_hostname_short", "omit", "playbook_dir", "root_dir", "vars"}
    | {"output_dir_name", "output_dir", "structured_dir_name", "structured_dir"}
    | {"eos_config_dir_name", "eos_config_dir", "documentation_dir_name", "documentation_dir"}
    | {"fabric_dir_name", "fabric_dir", "devices_dir_name", "devices_dir"}
)
KEPT = frozenset({"ansible_host", "ansible_port"})


Path = tuple[str | int, ...]


class NotPlain(Exception):
    """A value that JSON cannot carry."""

    def __init__(self, path: Path, value: object) -> None:
        super().__init__(key_path(path))
        self.path = path
        self.value = value


@dataclass(frozen=True, slots=True)
class Shared:
    """A value as its file has it: a number into Values when it is plain, else its templates."""

    value: object  # kept: an id is only unique while its object lives
    number: int | None = None
    templates: tuple[tuple[Path, object], ...] = ()
    whole: bool = False  # the templates cannot be worked out one by one


@dataclass(slots=True)
class Values:
    """All distinct values, and the number of each: hosts that share one name it by its number."""

    items: list[Any] = field(default_factory=list)
    volatile: bool = False  # a template asks for more than what the inventory's files say
    _shared: dict[int, Shared] = field(default_factory=dict)
    _made: dict[tuple[int, str], int] = field(default_factory=dict)

    def shared(self, value: object) -> Shared:
        """Look at a value once, however many hosts have it. Raises NotPlain."""
        if id(value) not in self._shared:
            templates = tuple(_templates(value, ()))
            if not templates:
                found = Shared(value, self.add(plain(value)))
            else:
                self.volatile |= any(VOLATILE.search(str(text)) for _, text in templates)
                whole = any(path[-1:] == (KEY,) or not path for path, _ in templates)
                found = Shared(value, None, templates, whole)
            self._shared[id(value)] = found
        return self._shared[id(value)]

    def templated(self, shared: Shared, templar: Templar) -> int | None:
        """Work out the templates of a value; None where the value must be taken as a whole.

        Hosts for which all templates give the same share the result.
        """
        if shared.whole:
            return None
        try:
            results = [plain(templar.template(leaf)) for _, leaf in shared.templates]
        except (NotPlain, AnsibleError, TemplateError):
            return None  # an error, or `omit`, which concerns the container
        key = id(shared.value), json.dumps(results)
        if key not in self._made:
            made = plain(_hollow(shared.value))
            for (path, _), result in zip(shared.templates, results, strict=True):
                _put(made, path, result)
            self._made[key] = self.add(made)
        return self._made[key]

    def add(self, value: object) -> int:
        self.items.append(value)
        return len(self.items) - 1


def _templates(value: object, path: Path) -> Iterator[tuple[Path, object]]:
    """Find what Ansible has to work on: templates, encrypted values, templates as keys."""
    if isinstance(value, str):
        if any(marker in value for marker in _MARKERS):
            yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if has_template(key):
                yield (*path, KEY), key
            yield from _templates(item, (*path, json_key(key)))
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            yield from _templates(item, (*path, number))
    elif not _is_leaf(value):
        yield path, value


def _hollow(value: object) -> object:
    """Copy a value without the leaves that are no plain data: results take their place."""
    if isinstance(value, Mapping):
        return {key: _hollow(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_hollow(item) for item in value]
    return value if _is_leaf(value) else None


def _put(container: Any, path: Path, value: object) -> None:  # noqa: ANN401 - JSON data
    for part in path[:-1]:
        container = container[part]
    container[path[-1]] = value


@dataclass(slots=True)
class Result:
    """A host's variables as numbers into Values, and what is wrong with them."""

    variables: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def wanted(raw: Mapping[str, Any]) -> frozenset[str]:
    """Return the variables that people set, and how devices are reached, without Ansible's own."""
    return frozenset(
        key
        for key in raw
        if key not in MAGIC and (key in KEPT | CONNECTION or not str(key).startswith("ansible_"))
    )


def resolve(
    host: str,
    raw: Mapping[str, Any],
    keys: frozenset[str],
    loader: DataLoader,
    values: Values,
    *,
    lenient: bool = False,
) -> Result:
    """Template some variables of a host. `lenient` leaves out what has templates."""
    result = Result()
    templar = Templar(loader=loader, variables=raw)
    for key in [key for key in raw if key in keys]:
        value = raw[key]
        if not isinstance(key, str):
            hint = "Quote the name." if isinstance(key, bool) else ""
            result.problems.append(Problem("not the name of a variable", host, str(key), hint=hint))
            continue
        try:
            shared = values.shared(value)
            number = shared.number
            if number is None and not lenient:
                number = values.templated(shared, templar)
                if number is None:
                    number = values.add(plain(templar.template(value), (key,)))
            if number is not None:
                result.variables[key] = number
        except (NotPlain, AnsibleError, TemplateError) as exc:
            if key in CONNECTION:
                continue  # only devices that are there already need it, and say that it is missing
            if not isinstance(exc, NotPlain):
                result.problems += _failing(host, templar, value, (key,))
                continue
            result.problems.append(_not_plain(host, key, exc))
    return result


def has_template(value: object) -> bool:
    """Tell whether Ansible has work to do: a template, or a value still encrypted."""
    if isinstance(value, str):
        return any(marker in value for marker in _MARKERS)
    if isinstance(value, Mapping):
        return any(has_template(key) or has_template(item) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return any(map(has_template, value))
    return not _is_leaf(value)


def plain(value: object, path: Path = ()) -> object:
    """Copy a value into the types of JSON. Raises NotPlain, with the path of what is not."""
    if isinstance(value, Mapping):
        return {json_key(k): plain(item, (*path, json_key(k))) for k, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, (*path, number)) for number, item in enumerate(value)]
    if not _is_leaf(value) or value == NOT_SERIALIZABLE:
        raise NotPlain(path, value)
    return str(value) if isinstance(value, str) else value


def json_key(key: object) -> str:
    """Return a key as JSON writes it."""
    if isinstance(key, bool) or key is None:
        return json.dumps(key)
    return str(key)


def _is_leaf(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)  # JSON has no .inf and no .nan
    return value is None or isinstance(value, (str, bool, int))


def _not_plain(host: str, key: str, exc: NotPlain) -> Problem:
    parts = exc.path if exc.path[:1] == (key,) else (key, *exc.path)
    if exc.value == NOT_SERIALIZABLE:
        text = f"'{NOT_SERIALIZABLE}' stands for a value that was never decrypted or templated"
        return Problem(text, host, key_path(parts), hint="Put the value itself there.")
    kind = type(exc.value).__name__.removeprefix("_AnsibleTagged").lower()
    message = f"a {kind} is not a value that AVD knows"
    if kind == "float":
        message = f"{exc.value} is not a number that AVD knows"
    if kind in {"date", "datetime", "time"}:
        return Problem(message, host, key_path(parts), hint="Quote it.")
    if "encrypted" in kind:
        return Problem("the value could not be decrypted", host, key_path(parts))
    return Problem(message, host, key_path(parts))


def _failing(host: str, templar: Templar, value: object, path: Path) -> list[Problem]:
    """Return a problem for every leaf that cannot be templated."""
    children: Sequence[tuple[str | int, Any]] = ()
    if isinstance(value, Mapping):
        children = [(str(key), item) for key, item in value.items()]
    elif isinstance(value, (list, tuple)):
        children = list(enumerate(value))
    found = [p for key, item in children for p in _failing(host, templar, item, (*path, key))]
    if found or (children and not has_template(value)):
        return found
    try:
        templar.template(value)
    except (AnsibleError, TemplateError) as exc:
        text = reason(exc)
        if "undecryptable" in text:
            text = "an encrypted value, and no vault password that opens it"
            return [Problem(text, host, key_path(path), hint=VAULT_HINT)]
        return [Problem(text, host, key_path(path))]
    return []


def reason(exc: Exception) -> str:
    """Return why, in one line, without the excerpt of the source that Ansible adds."""
    text = str(getattr(exc, "_original_message", "") or getattr(exc, "message", "") or exc)
    cause = exc.__cause__
    line = text.strip().splitlines()[0] if text.strip() else type(exc).__name__
    if isinstance(cause, Exception) and cause is not exc:
        inner = reason(cause)
        if inner not in line:
            line = f"{line.rstrip('.')}: {inner}"
    return line.rstrip(".")
