"""The prompt of EOS: `leaf1>`, `leaf1#`, `leaf1(config-if-Et1)#`, `leaf1(config-s-sess)#`."""

import re
from collections.abc import Sequence

from avdlab.net import interfaces
from avdlab.twin.cli.exec import CliSession, Mode

_SESSION_NAME = 6  # EOS prints the first letters of a session's name
# What a mode is called in the prompt, by the command that opened it.
_MODES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"interface (.+)", "if-{0}"),
        (r"vlan (\S+)", "vlan-{0}"),
        (r"router bgp \S+", "router-bgp"),
        (r"router (\S+).*", "router-{0}"),
        (r"vrf instance (\S+)", "vrf-{0}"),
        (r"vrf (\S+)", "vrf-{0}"),
        (r"address-family \S+.*", "af"),
        (r"route-map (\S+).*", "route-map-{0}"),
        (r"(?:ip|ipv6|mac) access-list (?:standard )?(\S+)", "acl-{0}"),
        (r"ip prefix-list (\S+)", "ip-pfx"),
        (r"mlag configuration", "mlag"),
        (r"management api http-commands", "mgmt-api-http-cmds"),
        (r"management (.+)", "mgmt-{0}"),
        (r"spanning-tree mst configuration", "mst"),
    )
)


def prompt(session: CliSession) -> str:
    """Return the prompt without a space behind it."""
    host = session.node.settings.system.hostname or "localhost"
    if session.mode is Mode.EXEC:
        return f"{host}>"
    if session.editor is None:
        return f"{host}#"
    inside = [f"s-{session.session[:_SESSION_NAME]}"] if session.session else []
    return f"{host}({'-'.join(['config', *inside, *_names(session.editor.path)])})#"


def _names(path: Sequence[str]) -> list[str]:
    return [_name(command) for command in path]


def _name(command: str) -> str:
    for pattern, name in _MODES:
        found = pattern.fullmatch(command)
        if found:
            values = [_short(value) for value in found.groups()]
            return name.format(*values)
    return re.sub(r"[^\w.:/-]+", "-", command)


def _short(value: str) -> str:
    """Interfaces are shortened as EOS does: `Ethernet1/1` -> `Et1/1`."""
    if interfaces.is_interface(value):
        return interfaces.short(value)
    return value.replace(" ", "-")
