"""How an inventory reaches its devices: AVD's and Ansible's variables, in AVD's order.

AVD's `anta_runner` and `eos_config_deploy_eapi` look at these variables; a device that works with
them works here without another setting.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# Kept apart from the variables that are rendered: there are secrets among them.
CONNECTION = frozenset(
    {"ansible_user", "ansible_password", "ansible_become", "ansible_become_password"}
    | {"ansible_become_pass", "ansible_httpapi_password", "ansible_httpapi_pass"}
    | {"ansible_httpapi_port", "ansible_httpapi_use_ssl"}
)
_TRUE = frozenset({"true", "yes", "on", "1", "y", "t"})


@dataclass(frozen=True, slots=True)
class Access:
    """One device. `user` is empty where the inventory names none."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    enable: str = field(default="", repr=False)
    tls: bool = True
    ssh_port: int = 22


def access_of(name: str, variables: Mapping[str, Any]) -> Access:
    """Read the variables of a host. Raises ValueError for a port that is no number."""
    tls = _flag(_first(variables, "anta_use_ssl", "ansible_httpapi_use_ssl"), default=True)
    port = _first(variables, "anta_port", "ansible_httpapi_port")
    return Access(
        host=str(_first(variables, "ansible_host") or name),
        port=_port(port, 443 if tls else 80),
        user=str(_first(variables, "anta_user", "ansible_user") or ""),
        password=str(
            _first(
                variables,
                "anta_password",
                "ansible_password",
                "ansible_httpapi_pass",
                "ansible_httpapi_password",
            )
            or ""
        ),
        enable=_enable(variables),
        tls=tls,
        ssh_port=_port(_first(variables, "ansible_port"), 22),
    )


def _enable(variables: Mapping[str, Any]) -> str:
    """Return the enable secret, "" where none is asked: `enable` alone is always sent."""
    wanted = _first(variables, "anta_enable", "ansible_become")
    if wanted is not None and not _flag(wanted, default=False):
        return ""
    names = ("anta_enable_password", "ansible_become_password", "ansible_become_pass")
    return str(_first(variables, *names) or "")


def _first(variables: Mapping[str, Any], *names: str) -> Any:  # noqa: ANN401  (any variable)
    return next((variables[name] for name in names if variables.get(name) is not None), None)


def _flag(value: object, *, default: bool) -> bool:
    return default if value is None else str(value).strip().lower() in _TRUE


def _port(value: object, default: int) -> int:
    if value is None or value == "":
        return default
    port = int(str(value))
    if not 0 < port < 65536:
        raise ValueError(f"{port} is no port")
    return port
