"""Inventories of a running lab for the tools that people use on networks."""

import json
import shlex
from collections.abc import Mapping, Sequence

import yaml

from avdlab.errors import InputError
from avdlab.exports.model import Files, Subject


def anta(lab: Subject) -> Files:
    """Return inventory.yml, catalog.json and anta.env, which names them and the credentials."""
    catalogs = [json.loads(text) for text in lab.catalogs.values()]
    if not catalogs:
        raise InputError(f"lab '{lab.name}' has no catalogs to export")
    hosts = [
        {"name": t.device, "host": t.host, "port": t.port, "tags": [t.device, *_groups(lab, t)]}
        for t in lab.targets
    ]
    environment = {
        "ANTA_USERNAME": lab.user.name,
        "ANTA_PASSWORD": lab.user.password,
        "ANTA_INVENTORY": str(lab.folder / "inventory.yml"),
        "ANTA_CATALOG": str(lab.folder / "catalog.json"),
        "ANTA_CATALOG_FORMAT": "json",
        "ANTA_INSECURE": "true",
        "ANTA_ENABLE": "true",  # bash and show running-config need privileged mode
    }
    return {
        "inventory.yml": _yaml({"anta_inventory": {"hosts": hosts}}),
        "catalog.json": json.dumps(_merged(catalogs), indent=2) + "\n",
        "anta.env": "".join(f"{key}={shlex.quote(v)}\n" for key, v in environment.items()),
    }


def ansible(lab: Subject) -> Files:
    """Return an inventory with the lab's groups, for connections over eAPI.

    Ansible keeps a connection by `ansible_host` and `ansible_port`, whatever the port of httpapi:
    without the latter, devices behind one address would get each other's configurations.
    """
    hosts = {
        t.device: {"ansible_host": t.host, "ansible_port": t.port, "ansible_httpapi_port": t.port}
        for t in lab.targets
    }
    groups = sorted({name for t in lab.targets for name in _groups(lab, t)} - {"all", "ungrouped"})
    children = {
        group: {"hosts": {t.device: None for t in lab.targets if group in _groups(lab, t)}}
        for group in groups
    }
    variables = {
        "ansible_connection": "ansible.netcommon.httpapi",
        "ansible_network_os": "arista.eos.eos",
        "ansible_user": lab.user.name,
        "ansible_password": lab.user.password,
        "ansible_become": True,
        "ansible_become_method": "enable",
        "ansible_httpapi_use_ssl": True,
        "ansible_httpapi_validate_certs": False,
    }
    data = {"all": {"vars": variables, "hosts": hosts, "children": children}}
    return {"ansible.yml": _yaml(data)}


def pyeapi(lab: Subject) -> Files:
    """Return eapi.conf."""
    lines = []
    for t in lab.targets:
        lines += [
            f"[connection:{t.device}]",
            f"host: {t.host}",
            f"transport: {'https' if t.tls else 'http'}",
            f"port: {t.port}",
            f"username: {t.user.name}",
            f"password: {t.user.password}",
            "",
        ]
    return {"eapi.conf": "\n".join(lines)}


def nornir(lab: Subject) -> Files:
    """Return hosts, groups, defaults and a config.yaml that names them."""
    hosts = {
        t.device: {
            "hostname": t.host,
            "port": t.port,
            "groups": list(_groups(lab, t)),
            "data": {"role": lab.topology.nodes[t.device].role},
        }
        for t in lab.targets
        if t.device in lab.topology.nodes
    }
    groups: dict[str, dict[str, object]] = {
        name: {} for t in lab.targets for name in _groups(lab, t)
    }
    eapi = {"transport": "https", "verify": False}
    defaults = {
        "platform": "eos",
        "username": lab.user.name,
        "password": lab.user.password,
        "connection_options": {
            "napalm": {"extras": {"optional_args": eapi}},
            "pyeapi": {"extras": {"transport": "https"}},
        },
    }
    files = {
        f"{part}_file": str(lab.folder / f"{part}.yaml") for part in ("host", "group", "defaults")
    }
    config = {"inventory": {"plugin": "SimpleInventory", "options": files}}
    return {
        "host.yaml": _yaml(hosts),
        "group.yaml": _yaml(dict(sorted(groups.items()))),
        "defaults.yaml": _yaml(defaults),
        "config.yaml": _yaml(config),
    }


def ssh_config(lab: Subject) -> Files:
    """Return a Host block for each device. There is no place for a password in it."""
    if not lab.ssh:
        raise InputError(f"the backend of lab '{lab.name}' offers no SSH")
    lines = []
    for target in lab.ssh:
        there = target.behind or target
        lines += [
            f"Host {target.device}",
            f"  HostName {there.host}",
            f"  Port {there.port}",
            *([f"  ProxyJump {target.behind.jump}"] if target.behind else []),
            f"  User {target.user.name}",
            "  StrictHostKeyChecking no",
            "  UserKnownHostsFile /dev/null",
            "  LogLevel ERROR",
            "",
        ]
    return {"ssh_config": "\n".join(lines)}


def _groups(lab: Subject, target: object) -> Sequence[str]:
    return lab.groups.get(getattr(target, "device", ""), ())


def _merged(catalogs: Sequence[Mapping[str, list[object]]]) -> dict[str, list[object]]:
    """Join catalogs: every test of AVD's is tagged with its device, so the tags keep them apart."""
    merged: dict[str, list[object]] = {}
    for catalog in catalogs:
        for module, tests in catalog.items():
            merged.setdefault(module, []).extend(tests)
    return merged


def _yaml(data: object) -> str:
    return "---\n" + yaml.safe_dump(data, sort_keys=False)
