"""Variables of hosts as plain data: templated, decrypted, checked. Runs in the worker.

A group variable is one object that all its hosts share. Without a template in it, it is converted
once; templating every variable of every host is what makes large inventories slow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from jinja2 import TemplateError

from avdlab.errors import Problem
from avdlab.inventory.locate import key_path

VAULT_HINT = "Set vault_password_file in ansible.cfg, or use --vault-password-file."
_MARKERS = ("{{", "{%", "{#")
# What Ansible itself adds, and what says how to connect: rendering needs neither.
MAGIC = frozenset(
    {
        "environment",
        "group_names",
        "groups",
        "hostvars",
        "inventory_dir",
        "inventory_file",
        "inventory_hostname_short",
        "omit",
        "output_dir",
        "playbook_dir",
        "root_dir",
        "vars",
    }
)
KEPT = frozenset({"ansible_host", "ansible_port"})


class NotPlain(Exception):
    """A value that JSON cannot carry."""

    def __init__(self, path: tuple[str | int, ...], value: object) -> None:
        super().__init__(key_path(path))
        self.path = path
        self.value = value


@dataclass(slots=True)
class Values:
    """All distinct values, and the number of each: hosts that share one name it by its number."""

    items: list[Any] = field(default_factory=list)
    _numbers: dict[int, int] = field(default_factory=dict)
    _alive: list[Any] = field(default_factory=list)  # an id is only unique while its object lives

    def shared(self, value: object) -> int | None:
        """Return the number of a value without templates; None where there are templates in it."""
        if id(value) not in self._numbers:
            self._alive.append(value)
            self._numbers[id(value)] = -1 if has_template(value) else self.add(plain(value))
        number = self._numbers[id(value)]
        return None if number < 0 else number

    def add(self, value: object) -> int:
        self.items.append(value)
        return len(self.items) - 1


@dataclass(slots=True)
class Result:
    """A host's variables as numbers into Values, and what is wrong with them."""

    variables: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def wanted(raw: Mapping[str, Any]) -> frozenset[str]:
    """Return the variables that people set, without connection secrets and Ansible's own."""
    return frozenset(
        key for key in raw if key not in MAGIC and (key in KEPT or not key.startswith("ansible_"))
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
        try:
            number = values.shared(value)
            if number is None and not lenient:
                number = values.add(plain(templar.template(value), (key,)))
            if number is not None:
                result.variables[key] = number
        except NotPlain as exc:
            result.problems.append(_not_plain(host, key, exc))
        except (AnsibleError, TemplateError):
            result.problems += _failing(host, templar, value, (key,))
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


def plain(value: object, path: tuple[str | int, ...] = ()) -> object:
    """Copy a value into the types of JSON. Raises NotPlain, with the path of what is not."""
    if isinstance(value, Mapping):
        return {_key(key): plain(item, (*path, _key(key))) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, (*path, number)) for number, item in enumerate(value)]
    if not _is_leaf(value):
        raise NotPlain(path, value)
    return str(value) if isinstance(value, str) else value


def _key(key: object) -> str:
    return str(key)


def _is_leaf(value: object) -> bool:
    return value is None or isinstance(value, (str, bool, int, float))


def _not_plain(host: str, key: str, exc: NotPlain) -> Problem:
    parts = exc.path if exc.path[:1] == (key,) else (key, *exc.path)
    kind = type(exc.value).__name__.removeprefix("_AnsibleTagged").lower()
    message = f"a {kind} is not a value that AVD knows"
    if kind in {"date", "datetime", "time"}:
        return Problem(message, host, key_path(parts), hint="Quote it.")
    if "encrypted" in kind:
        return Problem("the value could not be decrypted", host, key_path(parts))
    return Problem(message, host, key_path(parts))


def _failing(
    host: str, templar: Templar, value: object, path: tuple[str | int, ...]
) -> list[Problem]:
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
