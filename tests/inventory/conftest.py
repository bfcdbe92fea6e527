"""A small fabric written file by file, so that each test breaks one thing."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

BASE = {
    "ansible.cfg": "[defaults]\ninventory = inventory.yml\n",
    "inventory.yml": """
        all:
          children:
            FAB:
              hosts:
                s1: {ansible_host: 192.0.2.1}
                l1: {ansible_host: 192.0.2.11}
            SERVERS:
              hosts:
                backup: {ansible_host: 192.0.2.99}
    """,
    "group_vars/FAB.yml": """
        fabric_name: FAB
        default_node_types:
          - {node_type: spine, match_hostnames: [s.*]}
          - {node_type: l2leaf, match_hostnames: [l.*]}
        ansible_password: secret
        domain: "{{ inventory_hostname }}.example.net"
    """,
}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write the fabric with some files replaced or added; returns the inventory file."""

    def make(**files: str) -> Path:
        named = {name.replace("__", "/"): text for name, text in files.items()}
        for name, text in (BASE | named).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        return tmp_path / "inventory.yml"

    return make
