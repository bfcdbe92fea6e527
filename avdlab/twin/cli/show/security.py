"""`show management api http-commands` and `show user-account`."""

from avdlab.twin.cli.show.registry import Args, Json, Level, View, show


def http_commands(view: View, _: Args) -> Json:
    eapi = view.device.settings.system.eapi
    enabled = not eapi.shutdown
    facts: Json = {
        "enabled": enabled,
        "httpServer": _server(eapi.http, enabled, 80),
        "httpsServer": _server(eapi.https, enabled, 443),
        "localHttpServer": _server(False, enabled, 8080),
        "unixSocketServer": {"configured": False, "running": False},
        "vrfs": sorted(name for name, on in (eapi.vrfs or {"default": True}).items() if on),
        "tlsProtocol": ["1.2", "1.3"],
    }
    if eapi.ssl_profile is not None:
        # The twin serves its own certificate: a profile is known by name only, never validated.
        profile = {"name": eapi.ssl_profile, "configured": True, "state": "invalid"}
        facts["sslProfile"] = profile
    return facts


def _server(configured: bool, enabled: bool, port: int) -> Json:
    return {"configured": configured, "running": configured and enabled, "port": port}


def http_commands_text(view: View, args: Args) -> str:
    facts = http_commands(view, args)
    rows = [("Enabled:", "Yes" if facts["enabled"] else "No")]
    for name, key in (("HTTPS server:", "httpsServer"), ("HTTP server:", "httpServer")):
        state = "running" if facts[key]["running"] else "shutdown"
        rows.append((name, f"{state}, set to use port {facts[key]['port']}"))
    rows.append(("Local HTTP server:", "shutdown, no authentication, set to use port 8080"))
    rows.append(("Unix Socket server:", "shutdown, no authentication"))
    rows.append(("VRFs:", ", ".join(facts["vrfs"])))
    return "".join(f"{name:<20}{value}\n" for name, value in rows)


def user_accounts(view: View, _: Args) -> Json:
    users = view.device.settings.system.users
    return {
        "users": {
            name: {
                "username": name,
                "role": user.role,
                "privLevel": user.privilege,
                "sshAuthorizedKey": "",
            }
            for name, user in sorted(users.items())
        }
    }


def user_accounts_text(view: View, _: Args) -> str:
    return "".join(
        f"user: {name}\n       role: {user.role}\n       privilege level: {user.privilege}\n"
        "       ssh public key: \n"
        for name, user in sorted(view.device.settings.system.users.items())
    )


COMMANDS = (
    show(
        "show management api http-commands",
        Level.MIRRORED,
        json=http_commands,
        text=http_commands_text,
        note="the state of an SSL profile is never `valid`: the twin does not load certificates",
    ),
    show("show user-account", Level.MIRRORED, json=user_accounts, text=user_accounts_text),
    show("show users accounts", Level.MIRRORED, json=user_accounts, text=user_accounts_text),
)
