"""System commands: version, clock, NTP, reload cause, agent logs, file systems.

All of it is this device's own configuration or a constant of the twin; nothing here depends on the
fabric, hence level F1.
"""

from datetime import UTC, datetime

from avdlab.twin.cli.show.layout import long_time, table
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.device import SOFTWARE

VERSION = f"{SOFTWARE}-avdlab-twin (simulated)"
INTERNAL_VERSION = f"{SOFTWARE}-avdlab-twin"
_MEMORY_TOTAL = 4_000_000  # kB: constants, as the next two
_MEMORY_FREE = 3_000_000
_NO_MAC = "00:00:00:00:00:00"

_DISK_USAGE = """\
Filesystem      Size  Used Avail Use% Mounted on
overlay          40G   10G   30G  25% /
tmpfs            64M     0   64M   0% /dev
shm              64M     0   64M   0% /dev/shm
tmpfs           400M     0  400M   0% /.deltas
/dev/flash       40G   10G   30G  25% /mnt/flash
"""


def version(view: View, _: Args) -> Json:
    """Return `show version` with the keys that cEOSLab 4.36 prints."""
    identity = view.device.identity
    return {
        "mfgName": "Arista",
        "modelName": identity.model,
        "hardwareRevision": "",
        "serialNumber": identity.serial,
        "systemMacAddress": identity.system_mac,
        "hwMacAddress": _NO_MAC,
        "configMacAddress": _NO_MAC,
        "version": f"{identity.software}-avdlab-twin (simulated)",
        "architecture": "x86_64",
        "internalVersion": f"{identity.software}-avdlab-twin",
        "internalBuildId": "avdlab-twin",
        "imageFormatVersion": "1.0",
        "imageOptimization": "None",
        "kernelVersion": "avdlab-twin",
        "bootupTimestamp": view.booted,
        "uptime": view.now - view.booted,
        "memTotal": _MEMORY_TOTAL,
        "memFree": _MEMORY_FREE,
        "isIntlVersion": False,
    }


def version_text(view: View, args: Args) -> str:
    facts = version(view, args)
    mac = facts["systemMacAddress"].replace(":", "")
    dotted = f"{mac[:4]}.{mac[4:8]}.{mac[8:]}"
    return (
        f"Arista {facts['modelName']}\n"
        f"Hardware version: {facts['hardwareRevision']}\n"
        f"Serial number: {facts['serialNumber']}\n"
        f"Hardware MAC address: 0000.0000.0000\n"
        f"System MAC address: {dotted}\n\n"
        f"Software image version: {facts['version']}\n"
        f"Architecture: {facts['architecture']}\n"
        f"Internal build version: {facts['internalVersion']}\n"
        f"Internal build ID: {facts['internalBuildId']}\n"
        f"Image format version: {facts['imageFormatVersion']}\n"
        f"Image optimization: {facts['imageOptimization']}\n\n"
        f"Kernel version: {facts['kernelVersion']}\n\n"
        f"Uptime: {_uptime_words(facts['uptime'])}\n"
        f"Total memory: {facts['memTotal']} kB\n"
        f"Free memory: {facts['memFree']} kB\n"
    )


def _uptime_words(seconds: float) -> str:
    """EOS counts minutes here: `2 days, 3 hours and 5 minutes`."""
    minutes = max(int(seconds), 0) // 60
    parts = [(minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute")]
    words = [f"{n} {word}{'' if n == 1 else 's'}" for n, word in parts]
    while len(words) > 2 and words[0].startswith("0 "):
        del words[0]
    return f"{', '.join(words[:-1])} and {words[-1]}"


def uptime(view: View, _: Args) -> Json:
    return {
        "upTime": view.now - view.booted,
        "loadAvg": [0.0, 0.0, 0.0],
        "users": 1,
        "currentTime": view.now,
    }


def uptime_text(view: View, _: Args) -> str:
    clock = datetime.fromtimestamp(view.now, UTC).strftime("%H:%M:%S")
    seconds = long_time(view.now - view.booted)
    return f" {clock} up {seconds},  1 user,  load average: 0.00, 0.00, 0.00\n"


def clock(view: View, _: Args) -> Json:
    now = datetime.fromtimestamp(view.now, UTC)
    return {
        "utcTime": view.now,
        "timezone": "UTC",
        "clockSource": {"local": True},
        "localTime": {
            "year": now.year,
            "month": now.month,
            "dayOfMonth": now.day,
            "hour": now.hour,
            "min": now.minute,
            "sec": now.second,
            "dayOfWeek": now.weekday(),
            "dayOfYear": now.timetuple().tm_yday,
            "daylightSavingsAdjust": 0,
        },
    }


def clock_text(view: View, _: Args) -> str:
    now = datetime.fromtimestamp(view.now, UTC).strftime("%a %b %e %H:%M:%S %Y")
    return f"{now}\nTimezone: UTC\nClock source: local\n"


def ntp_status(view: View, _: Args) -> Json:
    """The lab offers no time server, so a device with servers stays unsynchronised."""
    if not view.device.settings.system.ntp_servers:
        return {"status": "disabled"}
    return {"status": "unsynchronised"}


def ntp_status_text(view: View, _: Args) -> str:
    if not view.device.settings.system.ntp_servers:
        return "NTP is disabled.\n"
    return "unsynchronised\npoll interval unknown\n"


def ntp_associations(view: View, _: Args) -> Json:
    """No server answers: each is listed as never reached."""
    return {
        "peers": {
            server: {
                "peerIpAddr": server,
                "peerType": "unicast",
                "condition": "reject",
                "refid": ".INIT.",
                "stratumLevel": 16,
                "reachabilityHistory": [False] * 8,
                "pollInterval": 64,
                "delay": 0.0,
                "offset": 0.0,
                "jitter": 0.0,
            }
            for server in view.device.settings.system.ntp_servers
        }
    }


def reload_cause(_: View, __: Args) -> Json:
    return {"kernelCrashData": [], "resetCauses": [], "full": False}


def reload_cause_text(_: View, __: Args) -> str:
    return "No reload cause available.\n"


def coredump(_: View, __: Args) -> Json:
    return {"mode": "compressedDeferred", "coreFiles": []}


def maintenance(_: View, __: Args) -> Json:
    """Maintenance mode is not modelled."""
    return {
        "units": {},
        "interfaces": {},
        "vrfs": {},
        "warnings": ["Maintenance Mode is disabled."],
    }


def processes_top(_: View, __: Args) -> Json:
    """An idle CPU: a constant; the twin's devices run no processes."""
    idle = {"user": 0.0, "system": 0.0, "nice": 0.0, "idle": 99.0, "ioWait": 1.0}
    idle |= {"hwIrq": 0.0, "swIrq": 0.0, "stolen": 0.0}
    load = {"loadAvg": [0.0, 0.0, 0.0], "userCount": 1, "upTime": 0}
    return {"timeInfo": load, "cpuInfo": {"%Cpu(s)": idle}, "memInfo": {}, "processes": {}}


def file_systems(_: View, __: Args) -> Json:
    """The flash of a virtual switch: a constant, as what `df` prints."""
    flash = {"prefix": "flash:", "fsType": "flash", "permission": "rw"}
    sizes = {"size": 40 * 2**20, "free": 30 * 2**20}  # kB
    return {"fileSystems": [flash | sizes]}


def file_systems_text(view: View, args: Args) -> str:
    rows = [
        (f"{entry['size']:>15}", f"{entry['free']:>14}", entry["fsType"], "rw", entry["prefix"])
        for entry in file_systems(view, args)["fileSystems"]
    ]
    heads = ("       Size (kB)", "    Free (kB)", "Type", "Flags", "Prefixes")
    return "File Systems:\n\n" + table(heads, rows)


def _cores(_: View, __: Args) -> str:
    return "2\n"


def _nothing(_: View, __: Args) -> str:
    return ""


def _disk_usage(_: View, __: Args) -> str:
    return _DISK_USAGE


COMMANDS = (
    show(
        "show version",
        Level.MIRRORED,
        json=version,
        text=version_text,
        note="memory is a constant; the version names the twin",
    ),
    show("show uptime", Level.MIRRORED, json=uptime, text=uptime_text, note="load is a constant"),
    show("show clock", Level.MIRRORED, json=clock, text=clock_text),
    show(
        "show ntp status",
        Level.MIRRORED,
        json=ntp_status,
        text=ntp_status_text,
        note="unsynchronised unless the lab offers a server",
    ),
    show(
        "show ntp associations",
        Level.MIRRORED,
        json=ntp_associations,
        note="the configured servers, never reached",
    ),
    show(
        "show reload cause",
        Level.MIRRORED,
        json=reload_cause,
        text=reload_cause_text,
        note="constant: none",
    ),
    show("show system coredump", Level.MIRRORED, json=coredump, note="constant: no files"),
    show("show agent logs crash", Level.MIRRORED, text=_nothing, note="constant: no crashes"),
    show("show maintenance", Level.MIRRORED, json=maintenance, note="constant: disabled"),
    show("show processes top once", Level.MIRRORED, json=processes_top, note="constant: idle"),
    show(
        "show file systems",
        Level.MIRRORED,
        json=file_systems,
        text=file_systems_text,
        note="constant",
    ),
    show("bash timeout <seconds> nproc", Level.MIRRORED, text=_cores, note="constant"),
    show("bash timeout <seconds> df -h", Level.MIRRORED, text=_disk_usage, note="constant"),
)
