"""How Ansible's own network modules reach a device of a lab: eAPI over HTTPS, as the lab's user."""

from typing import Any

from avdlab.backends.base import EapiTarget
from avdlab.lab import Lab


def connection(lab: Lab, target: EapiTarget) -> dict[str, Any]:
    """Return the variables of a host; `password_file` is where the password is read from."""
    return {
        "ansible_host": target.host,
        "ansible_port": target.port,
        "ansible_httpapi_port": target.port,
        "ansible_connection": "ansible.netcommon.httpapi",
        "ansible_network_os": "arista.eos.eos",
        "ansible_httpapi_use_ssl": target.tls,
        "ansible_httpapi_validate_certs": False,
        "ansible_user": target.user.name,
        "ansible_become": True,
        "ansible_become_method": "ansible.netcommon.enable",
        "password_file": str(lab.folder.path.absolute() / "password"),
    }
