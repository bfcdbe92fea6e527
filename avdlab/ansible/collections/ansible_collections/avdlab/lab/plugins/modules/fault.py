"""Documentation of avdlab.lab.fault; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: fault
short_description: Break a running lab, or heal it
version_added: 0.1.0
description:
  - Cuts cables (both ends lose carrier), lets frames vanish on them, powers nodes off, and brings
    named faults into configurations.
  - A fault stays until it is healed or the lab is removed.
author:
  - the avdlab developers (@avdlab)
options:
  state:
    description:
      - V(present) brings the faults about.
      - V(absent) heals them; all faults of the lab when none is named.
    type: str
    choices: [present, absent]
    default: present
  links:
    description: Cables, named by one end or by both (C(leaf1:Ethernet1 -- spine1:Ethernet3)).
    type: list
    elements: str
  nodes:
    description: Devices.
    type: list
    elements: str
  faults:
    description:
      - Faults as the command line writes them, C(link leaf1:Ethernet1 drop bgp),
        C(link leaf1:Ethernet1 blackhole), C(node spine1 stop), C(config leaf1 wrong-vni).
      - C(avdlab fault names) lists the configuration faults.
    type: list
    elements: str
  inventory:
    description:
      - Path of the AVD inventory.
      - By default the first inventory of the run.
    type: path
  name:
    description:
      - Name of the lab.
      - By default the lab of the inventory.
    type: str
  python:
    description:
      - Python that avdlab is installed in.
      - By default the one that runs Ansible.
    type: path
attributes:
  action:
    support: full
    description: Runs on the controller. No connection to the hosts is made.
  check_mode:
    support: full
    description: Says what would change and changes nothing.
  diff_mode:
    support: full
    description: Shows the faults that are set or healed.
"""

EXAMPLES = r"""
- name: Cut a cable
  avdlab.lab.fault:
    links:
      - leaf1:Ethernet1

- name: Let BGP vanish on a cable, and give a leaf a wrong VNI
  avdlab.lab.fault:
    faults:
      - link leaf1:Ethernet1 drop bgp
      - config leaf1 wrong-vni

- name: Heal everything
  avdlab.lab.fault:
    state: absent
"""

RETURN = r"""
active:
  description: Faults of the lab after the task.
  returned: success
  type: list
  elements: str
  sample: ["link leaf1:Ethernet1 -- spine1:Ethernet1 down"]
"""
