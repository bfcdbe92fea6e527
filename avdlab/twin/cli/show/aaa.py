"""`show aaa methods ...`, `show tacacs`, `show radius`: as configured; no server is ever asked."""

from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.config.read.management.aaa import AaaServer, AaaSettings, Accounting, read_aaa

_ZERO = dict.fromkeys(("connectionOpens", "connectionCloses", "connectionDisconnects"), 0)
_ZERO |= dict.fromkeys(("connectionFailures", "connectionTimeouts", "messagesSent"), 0)
_ZERO |= dict.fromkeys(("messagesReceived", "receiveErrors", "receiveTimeouts"), 0)
_ZERO |= dict.fromkeys(("sendTimeouts", "dnsErrors"), 0)


def authentication(view: View, _: Args) -> Json:
    """EOS's defaults: local for logins, no other method."""
    aaa = read_aaa(view.config)
    login = {"default": {"methods": list(aaa.login.get("default", ("local",)))}}
    if "console" in aaa.login:
        login["login"] = {"methods": list(aaa.login["console"])}
    return {
        "loginAuthenMethods": login,
        "enableAuthenMethods": {
            "default": {"methods": list(aaa.enable.get("default", ("local",)))}
        },
        "dot1xAuthenMethods": {"default": {"methods": list(aaa.dot1x)}},
    }


def authorization(view: View, _: Args) -> Json:
    aaa = read_aaa(view.config)
    commands = {
        f"privilege{levels}": {"methods": list(methods)} for levels, methods in aaa.commands.items()
    }
    return {
        "commandsAuthzMethods": commands or {"privilege0-15": {"methods": []}},
        "execAuthzMethods": {"exec": {"methods": list(aaa.exec)}},
    }


def accounting(view: View, _: Args) -> Json:
    aaa = read_aaa(view.config)
    commands = {
        f"privilege{what.split()[1]}": _accounted(found)
        for what, found in aaa.accounting.items()
        if what.startswith("commands ")
    }
    return {
        "commandsAcctMethods": commands or {"privilege0-15": _accounted({})},
        "execAcctMethods": {"exec": _accounted(aaa.accounting.get("exec", {}))},
        "systemAcctMethods": {"system": _accounted(aaa.accounting.get("system", {}))},
        "dot1xAcctMethods": {"dot1x": _accounted(aaa.accounting.get("dot1x", {}))},
    }


def _accounted(found: dict[str, Accounting]) -> Json:
    """The action stands there only where accounting is configured."""
    facts: Json = {}
    for where in ("default", "console"):
        entry = found.get(where)
        if entry is not None:
            facts[f"{where}Action"] = entry.action
        facts[f"{where}Methods"] = list(entry.methods) if entry else []
    return facts


# ------------------------------------------------------------------------------------ servers
def tacacs(view: View, _: Args) -> Json:
    aaa = read_aaa(view.config)
    return {
        "tacacsServers": [{"serverInfo": _info(server), **_ZERO} for server in aaa.tacacs],
        "groups": _groups(aaa, "tacacs+"),
        "srcIntf": dict(sorted(aaa.tacacs_sources.items())),
    }


def _info(server: AaaServer) -> Json:
    facts: Json = {"hostname": server.address, "authport": server.port}
    return facts if server.vrf == "default" else facts | {"vrf": server.vrf}


def _groups(aaa: AaaSettings, kind: str) -> Json:
    return {
        name: {
            "serverGroup": "TACACS+" if kind == "tacacs+" else "RADIUS",
            "members": [_info(member) for member in group.members],
        }
        for name, group in aaa.groups.items()
        if group.kind == kind
    }


def radius(view: View, _: Args) -> Json:
    aaa = read_aaa(view.config)
    return {
        "radiusServers": [{"serverInfo": _info(server)} for server in aaa.radius],
        "groups": _groups(aaa, "radius"),
        "srcIntf": dict(sorted(aaa.radius_sources.items())),
    }


def tacacs_text(view: View, args: Args) -> str:
    facts = tacacs(view, args)
    lines: list[str] = []
    for server in facts["tacacsServers"]:
        info = server["serverInfo"]
        vrf = f" (vrf {info['vrf']})" if "vrf" in info else ""
        lines.append(f"TACACS+ server        : {info['hostname']}/{info['authport']}{vrf}")
        lines.append("  Connection opens            0")
        lines.append("  Connection failures         0")
        lines.append("")
    lines += [
        f"TACACS+ source-interface: {interface} in VRF {vrf}"
        for vrf, interface in facts["srcIntf"].items()
    ]
    return "".join(f"{line}\n" for line in lines)


def accounting_logs_text(_: View, __: Args) -> str:
    """The twin accounts no command: the log is empty."""
    return ""


_NOTE = "as configured; no server is asked"
COMMANDS = (
    show("show aaa methods authentication", Level.MIRRORED, json=authentication, note=_NOTE),
    show("show aaa methods authorization", Level.MIRRORED, json=authorization, note=_NOTE),
    show("show aaa methods accounting", Level.MIRRORED, json=accounting, note=_NOTE),
    show(
        "show aaa accounting logs",
        Level.MIRRORED,
        text=accounting_logs_text,
        note="constant: no command is accounted",
    ),
    show("show tacacs", Level.MIRRORED, json=tacacs, text=tacacs_text, note=_NOTE),
    show("show radius", Level.MIRRORED, json=radius, note=_NOTE),
)
