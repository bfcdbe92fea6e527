"""Inventory and environment: the constants of a virtual switch, which has no sensors or slots."""

from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.registry import Args, Json, Level, ShowError, View, show
from avdlab.twin.tables.ports import PortKind


def inventory(view: View, _: Args) -> Json:
    identity = view.device.identity
    return {
        "systemInformation": {
            "name": identity.model,
            "description": identity.model,
            "mfgDate": "",
            "hardwareRev": "",
            "hwEpoch": "",
            "serialNum": identity.serial,
        },
        "portCount": len(scope.asked_ports(view, {}, PortKind.ETHERNET, PortKind.MANAGEMENT)),
        "dataLinkPortCount": len(scope.asked_ports(view, {}, PortKind.ETHERNET)),
        "managementPortCount": len(scope.asked_ports(view, {}, PortKind.MANAGEMENT)),
        "powerSupplySlots": {},
        "fanTraySlots": {},
        "cardSlots": {},
        "xcvrSlots": {},
        "storageDevices": {},
        "fpgas": {},
    }


def cooling(_: View, __: Args) -> Json:
    return {
        "systemStatus": "coolingOk",
        "ambientTemperature": 0.0,
        "airflowDirection": "frontToBackAirflow",
        "coolingMode": "automatic",
        "shutdownOnInsufficientFans": True,
        "defaultZones": False,
        "numCoolingZones": [],
        "currentZones": 1,
        "configuredZones": 0,
        "minFanSpeed": 0,
        "overrideFanSpeed": 0,
        "powerSupplySlots": [],
        "fanTraySlots": [],
    }


def power(_: View, __: Args) -> Json:
    """A virtual switch has no power supplies, and says so with an error."""
    raise ShowError("There seem to be no power supplies connected.", {"powerSupplies": {}})


def temperature(_: View, __: Args) -> Json:
    return {
        "systemStatus": "temperatureOk",
        "ambientThreshold": 45,
        "powercycleOnOverheat": "False",
        "shutdownOnOverheat": "True",
        "recoveryModeOnOverheat": "recoveryModeNA",
        "tempSensors": [],
        "cardSlots": [],
        "powerSupplySlots": [],
    }


def transceiver_temperature(_: View, __: Args) -> Json:
    return {"tempSensors": []}


_NOTE = "constant: a virtual switch without sensors"
COMMANDS = (
    show("show inventory", Level.MIRRORED, json=inventory, revision=2, note=_NOTE),
    show("show system environment cooling", Level.MIRRORED, json=cooling, note=_NOTE),
    show("show system environment power", Level.MIRRORED, json=power, note=_NOTE),
    show(
        "show system environment temperature transceiver",
        Level.MIRRORED,
        json=transceiver_temperature,
        note=_NOTE,
    ),
    show("show system environment temperature", Level.MIRRORED, json=temperature, note=_NOTE),
)
