"""`show management ssh|telnet|security`, banners, and who may reach which service."""

from avdlab.twin.cli.show.access_lists import summary
from avdlab.twin.cli.show.registry import Args, Json, Level, ShowCommand, View, show
from avdlab.twin.config.read.management.access import AccessSettings, SshSettings, read_access


def _access(view: View) -> AccessSettings:
    return read_access(view.config)


# ------------------------------------------------------------------------------------ SSH
def ssh(view: View, _: Args) -> Json:
    settings = _access(view).ssh
    vrfs = {"default": settings.enabled} | settings.vrfs
    return {
        "serverEnabled": settings.enabled,
        "fipsRestrictions": settings.fips,
        "idleTimeout": settings.idle_timeout * 60,
        "maxConnections": settings.connection_limit,
        "maxConnectionsPerHost": settings.per_host,
        "serverPort": settings.port,
        "vrfs": {name: {"serverEnabled": enabled} for name, enabled in vrfs.items()},
    }


def ssh_text(view: View, _: Args) -> str:
    """The default VRF first, then the others that are configured."""
    access = _access(view)
    settings = access.ssh
    bound = access.lists.get("ssh", {})
    idle = settings.idle_timeout
    lines = [
        f"User certificate authentication methods: none (neither trusted CA nor SSL profile "
        f"configured)\nSSHD status for Default VRF: {_on(settings.enabled)}",
        f"SSH connection limit: {settings.connection_limit}",
        f"SSH per host connection limit: {settings.per_host}",
        f"FIPS status: {_on(settings.fips)}",
        f"Idle session timeout: {f'{idle} minutes' if idle else 'disabled'}",
        *(f"IPv4 access list: {name} in VRF {vrf}" for name, vrf in bound.get("ip", [])),
        *(f"IPv6 access list: {name} in VRF {vrf}" for name, vrf in bound.get("ipv6", [])),
        *_vrf_lines(settings),
    ]
    return "\n".join(lines) + "\n"


def _vrf_lines(settings: SshSettings) -> list[str]:
    return [f"SSHD status for VRF {vrf}: {_on(on)}" for vrf, on in sorted(settings.vrfs.items())]


def _on(enabled: bool) -> str:
    return "enabled" if enabled else "disabled"


def telnet(view: View, _: Args) -> Json:
    enabled = _access(view).telnet
    return {
        "serverState": _on(enabled),
        "vrfs": {"default": {"serverState": _on(enabled)}},
        "idleTimeout": 0,
    }


def telnet_text(view: View, _: Args) -> str:
    return f"Telnet status for Default VRF is {_on(_access(view).telnet)}\n"


def console_text(view: View, _: Args) -> str:
    minutes = _access(view).console_timeout
    return f"Idle session timeout: {f'{minutes} minutes' if minutes else 'disabled'}\n"


# ------------------------------------------------------------------------------------ security
def security(view: View, _: Args) -> Json:
    return {
        "cpuModel": "QEMU Virtual CPU",
        "cryptoModule": "Crypto Module v2.0",
        "hardwareEntropyEnabled": _access(view).hardware_entropy,
        "hardwareEntropyQueueSize": None,
        "blockedNetworkProtocols": [],
        "securityChipVersion": "",
    }


def certificates(_: View, __: Args) -> Json:
    """No certificate is ever loaded into the twin's switches."""
    return {"certificates": {}}


def profiles(view: View, _: Args) -> Json:
    """A profile is known by name; without its certificates EOS calls it invalid."""
    return {
        "profileStatus": [
            {"profileName": name, "profileState": "invalid", "profileError": []}
            for name in _access(view).ssl_profiles
        ]
    }


# ------------------------------------------------------------------------------------ banners
def login_banner(view: View, _: Args) -> Json:
    return {"loginBanner": _banner(view, "login")}


def motd(view: View, _: Args) -> Json:
    return {"motd": _banner(view, "motd")}


def _banner(view: View, kind: str) -> str:
    """EOS keeps the line end of the last line."""
    text = _access(view).banners.get(kind, "")
    return f"{text}\n" if text else ""


def login_banner_text(view: View, _: Args) -> str:
    return _banner(view, "login")


def motd_text(view: View, _: Args) -> str:
    return _banner(view, "motd")


# ------------------------------------------------------------------------------------ lists
def _list_summary(words: str, service: str, family: str) -> ShowCommand:
    def to_json(view: View, _: Args) -> Json:
        return summary(view, family, _access(view).lists.get(service, {}).get(family, []))

    return show(
        f"show management {words} {family} access-list summary", Level.MIRRORED, json=to_json
    )


COMMANDS = (
    _list_summary("api http-commands", "http-commands", "ip"),
    _list_summary("api http-commands", "http-commands", "ipv6"),
    _list_summary("ssh", "ssh", "ip"),
    _list_summary("ssh", "ssh", "ipv6"),
    show("show management ssh", Level.MIRRORED, json=ssh, text=ssh_text),
    show("show management telnet", Level.MIRRORED, json=telnet, text=telnet_text),
    show("show management console", Level.MIRRORED, text=console_text),
    show(
        "show management security",
        Level.MIRRORED,
        json=security,
        note="the entropy source is configured; the rest is constant",
    ),
    show(
        "show management security ssl certificate",
        Level.MIRRORED,
        json=certificates,
        note="constant: no certificates are loaded",
    ),
    show(
        "show management security ssl profile",
        Level.MIRRORED,
        json=profiles,
        note="names as configured; never valid, for no certificates are loaded",
    ),
    show("show banner login", Level.MIRRORED, json=login_banner, text=login_banner_text),
    show("show banner motd", Level.MIRRORED, json=motd, text=motd_text),
)
