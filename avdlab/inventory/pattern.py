"""Ansible host patterns over known hosts and groups, without loading an inventory.

`leaf1,spine*`, `LEAVES:!leaf2`, `A:&B`, `~leaf[12]`: Ansible's notation, for verbs that work
on a running lab and need not read its inventory again.
"""

import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from avdlab.errors import InputError


def select(pattern: str, hosts: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Return the hosts (name -> its groups) that the pattern names. Raises InputError for none."""
    parts = [part.strip() for part in re.split(r"[,:](?![^\[]*\])", pattern) if part.strip()]
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
    return found


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
