"""The overlay on configuration texts, for labs that are made without an inventory."""

import re
from collections.abc import Mapping

from avdlab.overlay.model import LabConfigs, LabDevice, LabUser, OverlayChange
from avdlab.overlay.user import password_hash


def overlay_text(configs: Mapping[str, str], user: LabUser) -> LabConfigs:
    """Append to each text what it lacks for the harness to log in; everything else stays."""
    secret = password_hash(user)
    devices: dict[str, LabDevice] = {}
    changes: list[OverlayChange] = []
    for name, text in sorted(configs.items()):
        added, made = _missing(name, text, user, secret)
        devices[name] = LabDevice(name, _appended(text, added) if added else text)
        changes += made
    return LabConfigs(devices, tuple(changes))


def _missing(
    name: str, text: str, user: LabUser, secret: str
) -> tuple[list[str], list[OverlayChange]]:
    sections = _sections(text)
    added: list[str] = []
    changes: list[OverlayChange] = []
    vrf = _management_vrf(sections)
    if not _serves(sections.get("management api http-commands", []), vrf):
        added += ["management api http-commands", "   protocol https", "   no shutdown"]
        if vrf != "default":
            added += [f"   vrf {vrf}", "      no shutdown"]
        changes.append(
            OverlayChange(name, f"eAPI over HTTPS in VRF {vrf}", "the text does not enable it")
        )
    line = f"username {user.name} privilege 15 role network-admin secret sha512 {secret}"
    if line not in sections:
        added.append(line)
        changes.append(OverlayChange(name, f"user {user.name}", "the harness logs in with it"))
    return added, changes


def _sections(text: str) -> dict[str, list[str]]:
    """Return top-level lines with the lines under them (indentation kept)."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("!"):
            continue
        if line[0] != " ":
            current = found.setdefault(line.rstrip(), [])
        else:
            current.append(line.rstrip())
    return found


def _management_vrf(sections: Mapping[str, list[str]]) -> str:
    for head, lines in sections.items():
        if head.startswith("interface Management"):
            for line in lines:
                found = re.fullmatch(r"\s+vrf (?:forwarding )?(\S+)", line)
                if found:
                    return found[1]
    return "default"


def _serves(lines: list[str], vrf: str) -> bool:
    stripped = [line.strip() for line in lines]
    if "no protocol https" in stripped or "no shutdown" not in stripped:
        return False
    if vrf == "default":
        return True
    return f"vrf {vrf}" in stripped and "no shutdown" in stripped[stripped.index(f"vrf {vrf}") :]


def _appended(text: str, added: list[str]) -> str:
    lines = text.rstrip().splitlines()
    ends = lines and lines[-1].strip() == "end"
    body = lines[:-1] if ends else lines
    return "\n".join([*body, *added, *(["end"] if ends else [])]) + "\n"
