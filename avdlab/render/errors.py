"""pyavd's exceptions as problems with a host and, where it can be found, a place."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from avdlab.errors import InputError, Problem
from avdlab.inventory.locate import key_path, located
from avdlab.inventory.model import Host

_STRANGER = re.compile(r"Facts not found for node '(.*?)'")


@contextmanager
def translated(hosts: Sequence[Host]) -> Iterator[None]:
    """Turn what pyavd, and what users gave it to run, raise into InputError."""
    from jinja2 import TemplateError
    from pyavd._errors import AristaAvdError

    try:
        yield
    except (AristaAvdError, LookupError, ValueError, TypeError, AttributeError, ImportError) as exc:
        raise InputError([_problem(hosts, exc)]) from exc
    except (NotImplementedError, SyntaxError, OSError, TemplateError) as exc:
        raise InputError([_problem(hosts, exc)]) from exc


def structured_problem(host: Host, path: Sequence[str], message: str) -> Problem:
    """Say where in the structured config, and in which file where the user wrote that part."""
    text = f"in the structured config: {message}".rstrip(".")
    problem = Problem(text, host.name, key_path(path))
    key = f"custom_structured_configuration_{path[0]}" if path else ""
    if key not in host.variables:
        return problem
    custom = Problem(text, host.name, key_path([key, *path[1:]]))
    placed = located(custom, host.sources.get(key, ()))
    return replace(problem, file=placed.file, line=placed.line)


def _problem(hosts: Sequence[Host], exc: Exception) -> Problem:
    message = _words(exc).rstrip(".")
    named = getattr(exc, "host", None) or (hosts[0].name if len(hosts) == 1 else "")
    stranger = _STRANGER.match(message)
    if stranger:
        return _stranger(hosts, stranger[1])
    host = next((host for host in hosts if host.name == named), None)
    if host is None:
        return Problem(message, named)
    path = _mentioned(host, message)
    if not path:
        return Problem(message, named)
    placed = Problem(message, named, key_path(path))
    return located(placed, host.sources.get(str(path[0]), ()))


def _stranger(hosts: Sequence[Host], name: str) -> Problem:
    """Say where the design points to a device that it does not have."""
    near = get_close_matches(name, [host.name for host in hosts], n=2, cutoff=0.7)
    hint = f"Did you mean {' or '.join(near)}?" if near else ""
    text = f"'{name}' is not a device of this fabric"
    for host in hosts:
        for key, value in host.variables.items():
            path = _find_text(value, name)
            if path is not None:
                problem = Problem(text, path=key_path([key, *path]), hint=hint)
                return located(problem, host.sources.get(key, ()))
    return Problem(text, hint=hint)


def _find_text(value: Any, text: str) -> tuple[str | int, ...] | None:  # noqa: ANN401 - JSON data
    if value == text:
        return ()
    children: list[tuple[str | int, Any]] = []
    if isinstance(value, Mapping):
        children = list(value.items())
    elif isinstance(value, list):
        children = list(enumerate(value))
    for step, child in children:
        found = _find_text(child, text)
        if found is not None:
            return (step, *found)
    return None


def _words(exc: BaseException) -> str:
    """Return the message in one line, with what caused it where pyavd only says that it failed."""
    text = str(exc.args[0]) if isinstance(exc, KeyError) and exc.args else str(exc)
    text = " ".join(text.split()) or type(exc).__name__
    if exc.__cause__ is not None and text.startswith("Error during templating of template"):
        cause = _words(exc.__cause__)
        return f"{text}: {cause}"
    return text


def _mentioned(host: Host, message: str) -> tuple[str | int, ...]:
    """Return the path of the custom structured configuration key that a message quotes.

    pyavd says "Invalid key 'x'" about such keys, without the host and the path.
    """
    if not message.startswith("Invalid key '"):
        return ()
    key = message.split("'")[1]
    custom = {name: value for name, value in host.variables.items() if "structured_config" in name}
    return _find(custom, key) or _find(host.variables, key)


def _find(value: Any, key: str) -> tuple[str | int, ...]:  # noqa: ANN401 - JSON data
    if isinstance(value, Mapping):
        if key in value:
            return (key,)
        children: list[tuple[str | int, Any]] = list(value.items())
    else:
        children = list(enumerate(value)) if isinstance(value, list) else []
    for step, child in children:
        if found := _find(child, key):
            return (step, *found)
    return ()
