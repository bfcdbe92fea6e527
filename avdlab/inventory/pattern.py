"""Ansible host patterns over known hosts and groups, without loading an inventory.

`leaf1,spine*`, `LEAVES:!leaf2`, `A:&B`, `~leaf[12]`: Ansible's notation, for verbs that work
on a running lab and need not read its inventory again.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from fnmatch import fnmatchcase

from avdlab.errors import InputError, Problem

_NAME = re.compile(r"[\w.-]+")


def select(pattern: str, hosts: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Return the hosts (name -> its groups) that the pattern names. Raises InputError for none."""
    parts = _parts(pattern)
    chosen = [part for part in parts if part[0] not in "!&"]
    found = _union(chosen or ["all"], hosts)
    for part in parts:
        if part.startswith("&"):
            found &= _matching(part[1:], hosts)
        elif part.startswith("!"):
            found -= _matching(part[1:], hosts)
    if not found:
        names = ", ".join(sorted(hosts))
        raise InputError(f"no device matches '{pattern}'", hint=f"The lab has: {names}.")
    refuse_strangers(pattern, {name for host, groups in hosts.items() for name in (host, *groups)})
    return found


def refuse_strangers(pattern: str, known: Collection[str]) -> None:
    """Raise InputError for plain names in a pattern that are no host and no group.

    Ansible only warns; but who names a device means it.
    """
    names = [part for part in _parts(pattern) if _NAME.fullmatch(part)]
    wrong = sorted(set(names) - set(known) - {"all", "ungrouped"})
    if wrong:
        raise InputError(
            [Problem(f"'{name}' in '{pattern}' is no host or group") for name in wrong]
        )


def _parts(pattern: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,:](?![^\[]*\])", pattern) if part.strip()]


def _union(parts: Iterable[str], hosts: Mapping[str, Iterable[str]]) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for part in parts:
        found |= _matching(part, hosts)
    return found


def _matching(part: str, hosts: Mapping[str, Iterable[str]]) -> frozenset[str]:
    if part in {"all", "*"}:
        return frozenset(hosts)
    if part.startswith("~"):
        try:
            regex = re.compile(part[1:])
        except re.error as exc:
            raise InputError(f"'{part}' is no regular expression: {exc}") from exc
        return frozenset(h for h, groups in hosts.items() if any(map(regex.match, (h, *groups))))
    return frozenset(
        host
        for host, groups in hosts.items()
        if any(fnmatchcase(name, part) for name in (host, *groups))
    )
