"""Names, ids and MAC addresses that follow from the lab, the same in every run.

GNS3 3.x wants node names that are host names (RFC 1123): letters, digits and hyphens, at most 63,
no underscore. AVD's hostnames often have underscores, so the node on the canvas may be named
otherwise than the device; EOS keeps its own hostname.
"""

import hashlib
import re
import uuid
from collections.abc import Iterable, Mapping

NAMESPACE = uuid.UUID("5a0f1f7e-6a5b-5d0c-9b7e-a0d1ab000000")
LABEL = 63  # RFC 1123 2.1, RFC 1035 2.3.4
OUI = "00:1c:73"  # Arista's; a universal address: with Docker's own 02:42 MLAG stays inactive


def project_id(lab: str, token: str) -> str:
    """Return the id of a lab's project. `token` is the lab's own: two people's labs of one name
    are two projects."""
    return str(uuid.uuid5(NAMESPACE, f"{token}/{lab}"))


def object_id(project: str, what: str) -> str:
    """Return the id of a node or drawing of a project."""
    return str(uuid.uuid5(uuid.UUID(project), what))


def node_names(devices: Iterable[str], kept: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return device -> its node's name: unique, valid for both servers; `kept` ones stay.

    The servers rename a second node of a name without a word, so uniqueness is settled here.
    """
    names = dict(kept or {})
    devices = list(devices)
    # a device whose name is valid as it is comes before one that would be changed into it
    for device in sorted(devices, key=lambda name: (label(name) != name, name)):
        if device not in names:
            names[device] = _free(label(device), {name.lower() for name in names.values()})
    return {device: names[device] for device in devices}


def label(name: str) -> str:
    """Return a name as a host name of one label that both servers take."""
    text = re.sub(r"[^A-Za-z0-9-]+", "-", name).strip("-")[:LABEL].rstrip("-") or "node"
    return f"n{text}"[:LABEL] if text.isdigit() else text  # the last label may not be a number


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 2
    while name.lower() in taken:
        tail = f"-{number}"
        name, number = wanted[: LABEL - len(tail)].rstrip("-") + tail, number + 1
    return name


def base_macs(
    project: str, devices: Iterable[str], kept: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return device -> the MAC of its adapter 0; adapter N has the one N above it.

    A node has at most 99 adapters, so blocks of 128 never touch.
    """
    macs = dict(kept or {})
    taken = {_block(mac) for mac in macs.values()}
    devices = list(devices)
    for device in sorted(devices):
        if device in macs:
            continue
        digest = hashlib.sha256(f"{project}/{device}".encode()).digest()
        block = int.from_bytes(digest[:3], "big") >> 7  # 17 bits: half of a byte is the adapters'
        while block in taken:
            block = (block + 1) % (1 << 17)
        taken.add(block)
        tail = block << 7
        octets = (tail >> 16 & 0xFF, tail >> 8 & 0xFF, tail & 0xFF)
        macs[device] = ":".join([OUI, *(f"{octet:02x}" for octet in octets)])
    return {device: macs[device] for device in devices}


def _block(mac: str) -> int:
    return int(mac.replace(":", "")[6:], 16) >> 7


def system_mac(base: str) -> str:
    """Return a node's system MAC in EOS's spelling: one above its management port's, as
    containerlab has it. Universal and different on MLAG peers."""
    number = int(base.replace(":", ""), 16) + 1
    text = f"{number:012x}"
    return f"{text[:4]}.{text[4:8]}.{text[8:]}"
