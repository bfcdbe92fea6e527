"""The lab overlay on configuration texts, for labs made without an inventory.

Lines are added before `end`: EOS takes a later line over an earlier one. Only what cEOS-lab refuses
is taken out, where the lab runs on it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from avdlab.overlay.ceos import filtered, left_out, overlay_changes
from avdlab.overlay.methods import locks_out
from avdlab.overlay.model import LabConfigs, LabDevice, LabUser, OverlayChange
from avdlab.overlay.profile import TWIN, Profile
from avdlab.overlay.user import sha512_secret

_AAA = re.compile(
    r"^(aaa authentication login (?:default|command-api)"
    r"|aaa authorization (?:exec|commands \S+) default) (.+)$"
)

Change = tuple[list[str], str, str]  # lines, what, why


@dataclass(slots=True)
class Section:
    """A top-level command and the lines below it, without their indentation."""

    command: str
    lines: list[str] = field(default_factory=list)


def overlay_text(configs: Mapping[str, str], user: LabUser, profile: Profile = TWIN) -> LabConfigs:
    """Add what the harness needs to reach each device, and report it."""
    line = f"username {user.name} privilege 15 role network-admin secret sha512 "
    line += sha512_secret(user)
    devices: dict[str, LabDevice] = {}
    changes: list[OverlayChange] = []
    for name, text in sorted(configs.items()):
        sections = sections_of(text)
        added: list[str] = []
        for lines, what, why in _additions(sections, line, profile):
            added += ["!", *lines]
            changes.append(OverlayChange(name, what, why))
        gone = tuple(left_out(text)) if profile.ceos else ()
        changes += overlay_changes(name, gone)
        devices[name] = LabDevice(name, _with(filtered(text) if gone else text, added))
    return LabConfigs(devices, tuple(changes))


def _additions(sections: list[Section], user: str, profile: Profile) -> Iterator[Change]:
    yield from _eapi(sections)
    if profile.lab_user:
        yield from _user(sections, user)
    if profile.local_logins:
        yield from _aaa(sections)


def sections_of(text: str) -> list[Section]:
    """Split a configuration, indented as EOS prints it, into its top-level commands."""
    sections: list[Section] = []
    for raw in text.splitlines():
        line = raw.rstrip()
        if not line or line.lstrip().startswith("!"):
            continue
        if line[0].isspace() and sections:
            sections[-1].lines.append(line.strip())
        else:
            sections.append(Section(line.strip()))
    return sections


def _with(text: str, added: list[str]) -> str:
    if not added:
        return text
    lines = text.rstrip().splitlines()
    ending = [lines.pop()] if lines and lines[-1].strip() == "end" else []
    return "\n".join([*lines, *added, *(["!", *ending] if ending else [])]) + "\n"


def _eapi(sections: list[Section]) -> Iterator[Change]:
    vrf = _management_vrf(sections)
    found = [line for s in sections if s.command == HEADER for line in s.lines]
    own, served = _served(found)
    if "no shutdown" in own and "no protocol https" not in own and vrf in {"default", *served}:
        return
    lines = [HEADER, "   protocol https", "   no shutdown"]
    if vrf != "default":
        lines += [f"   vrf {vrf}", "      no shutdown"]
    why = "the configuration enables it elsewhere" if found else "the configuration enables no eAPI"
    yield lines, f"eAPI over HTTPS enabled in VRF {vrf}", why


HEADER = "management api http-commands"


def _served(lines: list[str]) -> tuple[list[str], set[str]]:
    """Split the lines of the eAPI section into its own ones and the VRFs that it serves."""
    own: list[str] = []
    served: set[str] = set()
    vrf = ""
    for line in lines:
        if line.startswith("vrf "):
            vrf = line.removeprefix("vrf ")
        elif not vrf:
            own.append(line)
        elif line == "no shutdown":
            served.add(vrf)
    return own, served


def _management_vrf(sections: list[Section]) -> str:
    for section in sections:
        if section.command.startswith("interface Management"):
            for line in section.lines:
                if line.startswith("vrf "):
                    return line.split()[-1]
    return "default"


def _user(sections: list[Section], line: str) -> Iterator[Change]:
    if all(section.command != line for section in sections):
        yield [line], f"user {line.split()[1]} added", "avdlab logs in with it"


def _aaa(sections: list[Section]) -> Iterator[Change]:
    for section in sections:
        found = _AAA.match(section.command)
        if found and locks_out(found[2]):
            why = f"'{found[2]}' asks servers that the lab does not have"
            yield [f"{found[1]} local"], f"{found[1]} set to local", why
