"""`show ptp ...`: the configured clock. PTP messages are not modelled: no grandmaster is heard."""

from avdlab.net import interfaces
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.config.read.management.switch import read_switch

_MODES = {
    "boundary": "ptpBoundaryClock",
    "e2etransparent": "ptpEndToEndTransparentClock",
    "p2ptransparent": "ptpPeerToPeerTransparentClock",
    "ordinarymaster": "ptpOrdinaryMasterClock",
    "gptp": "ptpGeneralized",
    "generalized": "ptpGeneralized",
}


def ptp(view: View, _: Args) -> Json:
    """A boundary clock that hears no other is its own grandmaster; its ports are masters."""
    switch = read_switch(view.config)
    if not switch.ptp_mode:
        return {"ptpMode": "ptpDisabled", "ptpIntfSummaries": {}}
    facts: Json = {
        "ptpMode": _MODES.get(switch.ptp_mode, switch.ptp_mode),
        "ptpProfile": "ptpDefaultProfile",
        "ptpIntfSummaries": {
            name: {"ptpIntfVlanSummaries": [_port(view, name)]}
            for name in sorted(switch.ptp_ports, key=interfaces.sort_key)
        },
    }
    if switch.ptp_mode == "boundary":
        facts["ptpClockSummary"] = _clock(view)
    return facts


def _port(view: View, name: str) -> Json:
    port = view.device.ports.get(name)
    up = port is not None and port.up
    return {
        "vlanId": 0,
        "portState": "psMaster" if up else "psDisabled",
        "delayMechanism": "e2e",
        "transportMode": "ipv4",
        "mpassEnabled": False,
        "mpassStatus": "active",
    }


def _clock(view: View) -> Json:
    mac = view.device.identity.system_mac.split(":")
    identity = "0x" + ":".join([*mac[:3], "ff", "fe", *mac[3:]])  # IEEE 1588 7.5.2.2.2: an EUI-64
    return {
        "clockIdentity": identity,
        "gmClockIdentity": identity,
        "numberOfSlavePorts": 0,
        "numberOfMasterPorts": len(read_switch(view.config).ptp_ports),
        "offsetFromMaster": 0,
        "meanPathDelay": 0,
        "stepsRemoved": 0,
        "skew": 1.0,
        "lastSyncTime": 0,
        "currentPtpSystemTime": int(view.now),
    }


def monitor(_: View, __: Args) -> Json:
    return {"monitorEnabled": True, "ptpMode": "ptpDisabled", "ptpMonitorData": []}


_NOTE = "the configured clock; PTP messages are not modelled"
COMMANDS = (
    show("show ptp", Level.MIRRORED, json=ptp, revision=2, note=_NOTE),
    show(
        "show ptp monitor", Level.MIRRORED, json=monitor, note="constant: no offsets are measured"
    ),
)
