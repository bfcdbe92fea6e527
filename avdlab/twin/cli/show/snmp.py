"""`show snmp ...`: the agent as it is configured. No manager asks it, so its counters are zero."""

from avdlab.twin.cli.show.access_lists import summary
from avdlab.twin.cli.show.layout import columns
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.cli.show.services import fqdn
from avdlab.twin.config.read.management.snmp import SnmpGroup, SnmpHost, SnmpSettings, read_snmp

_COUNTERS = (
    *("inPkts", "inBadCommunityNames", "inBadCommunityUses", "inParseErrs", "inVersionErrs"),
    *("inGetPdus", "inGetNextPdus", "inSetPdus", "inTotalReqVars", "inTotalSetVars", "outPkts"),
    *("outTooBigErrs", "outNoSuchNameErrs", "outBadValueErrs", "outGeneralErrs"),
    *("outGetResponsePdus", "outTrapPdus"),
)
_SECURITY = {"": "", "noauth": "v3NoAuth", "auth": "v3Auth", "priv": "v3Priv"}


def _settings(view: View) -> SnmpSettings:
    return read_snmp(view.config)


def agent(view: View, _: Args) -> Json:
    """`show snmp`: what is configured, and counters that nobody moves."""
    snmp = _settings(view)
    facts: Json = {
        "enabled": snmp.configured,
        "vrfs": {"snmpVrfs": sorted(vrf for vrf, on in snmp.vrfs.items() if on)},
        "counters": dict.fromkeys(_COUNTERS, 0),
        "logging": {
            "loggingEnabled": bool(snmp.hosts),
            "hosts": {host.address: {"port": host.port, "vrf": _vrf(host)} for host in snmp.hosts},
        },
        "srcIntf": {"sourceInterfaces": dict(sorted(snmp.sources.items()))},
    }
    if snmp.contact:
        facts["contact"] = {"contact": snmp.contact}
    if snmp.location:
        facts["location"] = {"location": snmp.location}
    return facts


def _vrf(host: SnmpHost) -> str:
    """EOS prints the default VRF as an empty name here."""
    return "" if host.vrf == "default" else host.vrf


def agent_text(view: View, args: Args) -> str:
    snmp = _settings(view)
    counters = agent(view, args)["counters"]
    lines = [f"Chassis: {view.device.identity.serial}"]
    lines += [f"Contact: {snmp.contact}"] if snmp.contact else []
    lines += [f"Location: {snmp.location}"] if snmp.location else []
    lines += [
        f"{counters['inPkts']} SNMP packets input",
        f"    {counters['inVersionErrs']} Bad SNMP version errors",
        f"    {counters['inBadCommunityNames']} Unknown community name",
        f"    {counters['inBadCommunityUses']} Illegal operation for community name supplied",
        f"    {counters['inParseErrs']} Encoding errors",
        f"    {counters['inTotalReqVars']} Number of requested variables",
        f"    {counters['inTotalSetVars']} Number of altered variables",
        f"    {counters['inGetPdus']} Get-request PDUs",
        f"    {counters['inGetNextPdus']} Get-next PDUs",
        f"    {counters['inSetPdus']} Set-request PDUs",
        f"{counters['outPkts']} SNMP packets output",
        f"    {counters['outTooBigErrs']} Too big errors",
        f"    {counters['outNoSuchNameErrs']} No such name errors",
        f"    {counters['outBadValueErrs']} Bad value errors",
        f"    {counters['outGeneralErrs']} General errors",
        f"    {counters['outGetResponsePdus']} Response PDUs",
        f"    {counters['outTrapPdus']} Trap PDUs",
        f"SNMP logging: {'enabled' if snmp.hosts else 'disabled'}",
    ]
    lines += [f"    Logging to {h.address}.{h.port}{_in_vrf(h.vrf)}" for h in snmp.hosts]
    if not snmp.configured:
        lines.append("SNMP agent disabled: configure 'snmp-server' to enable")
    else:
        vrfs = ", ".join(sorted(vrf for vrf, on in snmp.vrfs.items() if on))
        lines.append(f"SNMP agent enabled in VRFs: {vrfs}")
    lines += [
        f"SNMP source interface: {interface} in VRF {vrf}"
        for vrf, interface in sorted(snmp.sources.items())
    ]
    return "\n".join(lines) + "\n"


def _in_vrf(vrf: str) -> str:
    return "" if vrf == "default" else f" in VRF {vrf}"


def groups(view: View, _: Args) -> Json:
    """A view counts as configured where `snmp-server view` names it."""
    snmp = _settings(view)
    known = {name for name, _, _ in snmp.views}
    found: Json = {}
    for group in snmp.groups:
        versions = found.setdefault(group.name, {"versions": {}})["versions"]
        versions[group.version] = _group(group, known)
    return {"groups": found}


def _group(group: SnmpGroup, known: set[str]) -> Json:
    facts: Json = {}
    for kind in ("read", "write", "notify"):
        name = getattr(group, kind)
        facts[f"{kind}View"] = name
        facts[f"{kind}ViewConfig"] = name in known
    if group.version == "v3":
        facts["secModel"] = _SECURITY.get(group.security, "v3NoAuth")
    return facts


def users(view: View, _: Args) -> Json:
    snmp = _settings(view)
    found: Json = {}
    for user in snmp.users:
        entry: Json = {"groupName": user.group, "engineId": snmp.engine_id}
        if user.version == "v3":
            entry["v3Params"] = {
                "authType": user.auth or "none",
                "privType": user.privacy or "none",
            }
        found.setdefault(user.version, {"users": {}})["users"][user.name] = entry
    return {"usersByVersion": found}


def notification_hosts(view: View, _: Args) -> Json:
    return {"hosts": [_host(host) for host in _settings(view).hosts]}


def _host(host: SnmpHost) -> Json:
    facts: Json = {
        "hostname": host.address,
        "port": host.port,
        "vrf": _vrf(host),
        "notificationType": host.kind,
        "protocolVersion": host.version,
    }
    if host.version == "v3":
        level = _SECURITY.get(host.security, "v3NoAuth")
        facts["v3Params"] = {"user": host.name, "securityLevel": level}
    else:
        facts["v1v2cParams"] = {"communityString": host.name}
    return facts


def communities(view: View, _: Args) -> Json:
    return {
        "communities": {
            name: {"access": {"ro": "readOnly", "rw": "readWrite"}[access], "view": ""}
            for name, access in _settings(view).communities
        }
    }


def communities_text(view: View, _: Args) -> str:
    access = {"ro": "read-only", "rw": "read-write"}
    return "".join(
        f"\nCommunity name: {name}\nCommunity access: {access[kind]}\n"
        for name, kind in _settings(view).communities
    )


def engine_id(view: View, _: Args) -> Json:
    """Unless it is configured, the engine id holds the MAC address (RFC 3411, format 3)."""
    configured = _settings(view).engine_id
    mac = view.device.identity.system_mac.replace(":", "")
    return {"engineId": configured or f"f5717f{mac}00", "snmpRestarts": 0}


def engine_id_text(view: View, args: Args) -> str:
    return f"Local SNMP EngineID: {engine_id(view, args)['engineId']}\n"


def contact_text(view: View, _: Args) -> str:
    return f"Contact: {_settings(view).contact}\n"


def location_text(view: View, _: Args) -> str:
    return f"Location: {_settings(view).location}\n"


def chassis_text(view: View, _: Args) -> str:
    return f"Chassis: {view.device.identity.serial or fqdn(view)}\n"


def hosts_text(view: View, _: Args) -> str:
    lines: list[str] = []
    for host in _settings(view).hosts:
        head = (
            f"Notification host: {host.address}",
            f"udp-port: {host.port}",
            f"type: {host.kind}",
        )
        lines.append(columns((40, 14, 0), head))
        lines.append(columns((40, 0), (f"user: {host.name}", f"security model: {host.version}")))
    return "".join(f"{line}\n" for line in lines)


def ipv4_lists(view: View, _: Args) -> Json:
    return summary(view, "ip", _settings(view).access_lists.get("ip", []))


def ipv6_lists(view: View, _: Args) -> Json:
    return summary(view, "ipv6", _settings(view).access_lists.get("ipv6", []))


_NOTE = "as configured; no manager asks the twin, so the counters are zero"
COMMANDS = (
    show("show snmp", Level.MIRRORED, json=agent, text=agent_text, note=_NOTE),
    show("show snmp group", Level.MIRRORED, json=groups),
    show("show snmp user", Level.MIRRORED, json=users),
    show("show snmp notification host", Level.MIRRORED, json=notification_hosts, text=hosts_text),
    show("show snmp community", Level.MIRRORED, json=communities, text=communities_text),
    show("show snmp engineID", Level.MIRRORED, json=engine_id, text=engine_id_text),
    show("show snmp contact", Level.MIRRORED, text=contact_text),
    show("show snmp location", Level.MIRRORED, text=location_text),
    show("show snmp chassis", Level.MIRRORED, text=chassis_text),
    show("show snmp ipv4 access-list summary", Level.MIRRORED, json=ipv4_lists),
    show("show snmp ipv6 access-list summary", Level.MIRRORED, json=ipv6_lists),
)
