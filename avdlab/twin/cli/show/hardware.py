"""Inventory and environment: the constants of a virtual switch, which has no sensors or slots."""

from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.layout import columns, ruled
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


def inventory_text(view: View, args: Args) -> str:
    """The parts of a virtual switch: itself and its ports."""
    facts = inventory(view, args)
    system = facts["systemInformation"]
    lines = [
        "System information",
        f"    {columns((24, 0), ('Model', 'Description'))}",
        f"    {'-' * 24} {'-' * 52}",
        f"    {columns((24, 0), (system['name'], system['description']))}",
        "",
        f"    {columns((11, 20, 0), ('HW Version', 'Serial Number', 'Mfg Date'))}",
        f"    {'-' * 11} {'-' * 20} {'-' * 10}",
        f"    {columns((11, 20, 0), ('', system['serialNum'], ''))}",
        "",
        "System has 0 power supply slots",
        "System has 0 fan modules",
        f"System has {facts['portCount']} ports",
        f"    {columns((18, 0), ('Type', 'Count'))}",
        f"    {'-' * 18} {'-' * 5}",
        f"    {columns((18, 0), ('Management', str(facts['managementPortCount'])))}",
        f"    {columns((18, 0), ('Switched', str(facts['dataLinkPortCount'])))}",
        "",
        "System has 0 transceiver slots",
        "System has 0 storage devices",
    ]
    return "\n".join(lines) + "\n"


def cooling_text(_: View, __: Args) -> str:
    heads = ("Fan", "Status", "Configured Speed", "Actual Speed")
    head = "System cooling status is: Ok\nAmbient temperature: 0C\nAirflow: front-to-back\n"
    return head + ruled((14, 14, 16, 13), heads, ())


def temperature_text(_: View, __: Args) -> str:
    return "System temperature status is: Ok\n"


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
    show(
        "show inventory",
        Level.MIRRORED,
        json=inventory,
        text=inventory_text,
        revision=2,
        note=_NOTE,
    ),
    *(
        show(words, Level.MIRRORED, json=cooling, text=cooling_text, note=_NOTE)
        for words in ("show system environment cooling", "show environment cooling")
    ),
    show("show system environment power", Level.MIRRORED, json=power, note=_NOTE),
    show(
        "show system environment temperature transceiver",
        Level.MIRRORED,
        json=transceiver_temperature,
        note=_NOTE,
    ),
    show(
        "show system environment temperature",
        Level.MIRRORED,
        json=temperature,
        text=temperature_text,
        note=_NOTE,
    ),
)
