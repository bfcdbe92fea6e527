"""The recipe of a cEOS node: how the container is started and which files it finds.

The files API writes into a node's folder before its first boot, and GNS3 runs busybox `ifup -a`
over `/etc/network/interfaces` before it hands over to the image's first process. So the lines `up
...` there are a hook that runs as root before EOS: it sets the MTU and, in the profile `et`, the
names of the interfaces. No Docker access and no image of our own are needed.

Two profiles of names:
* `eth`: the NICs stay eth0, eth1 ... and `EosIntfMapping.json` (EOS 4.28 and newer) says which
  interface each is; AVD's own cEOS labs do so. When the file is there it must list every port.
* `et`: the hook renames the NICs, eth0 to ma1, eth5 to et5, eth3 to et49_1; EOS reads a name's
  underscore as a slash. Arista's own ceosbuilder and netlab do so.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from avdlab.backends.gns3.names import system_mac
from avdlab.net.interfaces import PortMap, split

MTU = 9500  # AVD's links carry 9214; containerlab's have 9500, GNS3's taps come up with 1500
FLASH = "mnt/flash"
STARTUP = f"{FLASH}/startup-config"
HOOK = "etc/network/interfaces"
MARKER = f"{FLASH}/.avdlab-nics"  # the hook's last line writes it: the NICs are there
# without it GNS3 copies the image's own /mnt/flash over what was written before the first boot
PERMISSIONS = f"{FLASH}/.gns3_perms"


class Naming(StrEnum):
    ETH = "eth"
    ET = "et"


@dataclass(frozen=True, slots=True)
class Device:
    """What the recipe needs to know of a device."""

    name: str  # EOS hostname
    ports: PortMap
    mac: str  # of adapter 0
    serial_number: str = ""
    system_mac: str = ""


def environment(device: Device, naming: Naming) -> dict[str, str]:
    """Return the variables that make the image a lab switch."""
    variables = {
        "CEOS": "1",
        "EOS_PLATFORM": "ceoslab",
        "ETBA": "1",
        "INTFTYPE": naming.value,
        "MAPETH0": "1",
        "MGMT_INTF": management_nic(device.ports, naming),
        "SKIP_ZEROTOUCH_BARRIER_IN_SYSDBINIT": "1",
        "container": "docker",
    }
    if naming is Naming.ET:
        del variables["MAPETH0"]
    return variables


def start_command(device: Device, naming: Naming) -> str:
    """Return the command of the first process. systemd clears its environment for services, so it
    is handed the variables once more (gns3-server#1483)."""
    given = environment(device, naming)
    words = [f"systemd.setenv={key}={value}" for key, value in sorted(given.items())]
    return " ".join(["/sbin/init", *words])


def boot_files(device: Device, naming: Naming) -> dict[str, bytes]:
    """Return the files that a node needs at every boot, whatever its configuration is."""
    address = dotted(device.system_mac) if device.system_mac else system_mac(device.mac)
    identity = f"SERIALNUMBER={device.serial_number or device.name}\nSYSTEMMACADDR={address}\n"
    files = {
        HOOK: _hook(device, naming),
        f"{FLASH}/ceos-config": identity,
        f"{FLASH}/system_mac_address": f"{_colons(address)}\n",
    }
    if naming is Naming.ETH:
        mapping = device.ports.eos_mapping()
        files[f"{FLASH}/EosIntfMapping.json"] = json.dumps(mapping, indent=2) + "\n"
    return {path: text.encode() for path, text in files.items()}


def seed_files(startup_config: str) -> dict[str, bytes]:
    """Return the files of the first boot: later the configuration is the device's own."""
    return {PERMISSIONS: b"", STARTUP: startup_config.encode()}


def management_nic(ports: PortMap, naming: Naming) -> str:
    """Return the name of the management NIC that EOS is told."""
    if naming is Naming.ETH:
        return "eth0"
    number = split(ports.management)[1]
    return "eth0" if number == (0,) else "ma" + "_".join(map(str, number))


def nic(ports: PortMap, adapter: int, naming: Naming) -> str:
    """Return the name that a NIC has when EOS starts."""
    if adapter == 0:
        return management_nic(ports, naming)
    if naming is Naming.ETH:
        return f"eth{adapter}"
    return "et" + "_".join(map(str, split(ports.ethernet[adapter - 1])[1]))


def _hook(device: Device, naming: Naming) -> str:
    lines = [
        "# Written by avdlab. GNS3 runs the lines below before the first process of the image.",
        "auto eth0",
        "iface eth0 inet manual",
    ]
    for adapter in range(len(device.ports.ethernet) + 1):
        before, after = f"eth{adapter}", nic(device.ports, adapter, naming)
        steps = []
        if after != before:
            steps += [f"ip link set dev {before} down", f"ip link set dev {before} name {after}"]
        if adapter:
            steps.append(f"ip link set dev {after} mtu {MTU}")
        if steps:
            lines.append(f"    up {'; '.join([*steps, f'ip link set dev {after} up'])}")
    lines.append(f"    up ls /sys/class/net > /{MARKER}")
    return "\n".join(lines) + "\n"


def dotted(address: str) -> str:
    """Return a MAC in EOS's spelling: 001c.7300.dc01."""
    digits = re.sub(r"[^0-9a-fA-F]", "", address).lower()
    return ".".join(digits[i : i + 4] for i in range(0, 12, 4))


def _colons(address: str) -> str:
    digits = re.sub(r"[^0-9a-fA-F]", "", address).lower()
    return ":".join(digits[i : i + 2] for i in range(0, 12, 2))


def properties(device: Device, image: str, naming: Naming) -> dict[str, object]:
    """Return the properties of the Docker node, the same for both API versions."""
    variables: Mapping[str, str] = environment(device, naming)
    return {
        "image": tagged(image),
        "adapters": len(device.ports.ethernet) + 1,
        "mac_address": device.mac,
        "extra_volumes": ["/mnt/flash"],
        "environment": "\n".join(f"{key}={value}" for key, value in sorted(variables.items())),
        "start_command": start_command(device, naming),
    }


def tagged(image: str) -> str:
    """Return an image's name with its tag, as both servers store it."""
    return image if ":" in image.rpartition("/")[2] else f"{image}:latest"
