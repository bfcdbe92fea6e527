"""Documentation of avdlab.lab.lab; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: lab
short_description: Bring the lab of an AVD fabric to a state
version_added: 0.1.0
description:
  - Renders an Arista AVD inventory, runs the fabric as a lab, deploys the configurations, validates
    them, or removes the lab. The stages are those of the C(avdlab) command.
  - A task is work for the whole fabric, done once. Run it on the fabric's hosts, and each one gets
    its own result; run it on localhost, and the one result holds all of them.
  - The hosts of the play are the devices that the task is about, so C(--limit) narrows them. A
    condition of the task must hold for all hosts or for none.
  - Extra variables and vault secrets of the run count for the design too.
author:
  - the avdlab developers (@avdlab)
options:
  state:
    description:
      - V(built) renders the design and writes AVD's folders (C(intended/), C(documentation/),
        C(anta/)) beside the inventory.
      - V(present) makes the lab run and waits until every device answers eAPI. Devices boot with
        their configuration. The whole fabric is started, whatever the limit.
      - V(deployed) brings the configurations onto the running devices, all or none.
      - V(validated) runs AVD's tests through ANTA; devices that fail one fail.
      - V(absent) removes the lab as a whole.
    type: str
    choices: [built, present, deployed, validated, absent]
    default: present
  inventory:
    description:
      - Path of the AVD inventory.
      - By default the first inventory of the run.
    type: path
  name:
    description:
      - Name of the lab.
      - By default the name of the fabric.
    type: str
  backend:
    description:
      - Where the lab runs, for example V(twin).
      - By default what C(avdlab.yml) or E(AVDLAB_BACKEND) say, or else V(twin).
    type: str
  timeout:
    description: Time for devices to become ready, for example V(90s) or V(5m).
    type: str
  intended:
    description:
      - Folder with the output of AVD's own roles (C(structured_configs/), C(configs/)), taken
        instead of rendering.
    type: path
  configs:
    description: Folder of configuration texts that devices run instead of the design's.
    type: path
  links:
    description: Cabling to use instead of the design's.
    type: path
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
    description:
      - Says what would change and changes nothing. V(validated) is skipped, because tests look at
        what runs.
  diff_mode:
    support: full
    description:
      - Shows the session diff of each device (V(deployed)), the difference of the intended configs
        (V(built)), or what would be made (V(present)). Secrets are removed.
"""

EXAMPLES = r"""
- name: From an AVD inventory to a validated lab
  hosts: all
  gather_facts: false
  vars:
    ansible_connection: local # whatever the inventory says
    ansible_become: false
  tasks:
    - name: Run the lab
      avdlab.lab.lab:
        state: present

    - name: Deploy the configurations
      avdlab.lab.lab:
        state: deployed

    - name: Validate them
      avdlab.lab.lab:
        state: validated
"""

RETURN = r"""
lab:
  description: Name of the lab.
  returned: when there is a lab
  type: str
  sample: OSLO
diff:
  description: What changed or would change on this device.
  returned: with C(--diff), when something changes
  type: list
  elements: dict
files:
  description: Files that changed, below RV(output).
  returned: when O(state=built)
  type: list
  elements: str
output:
  description: Folder that AVD's folders are in.
  returned: when O(state=built)
  type: str
summary:
  description: Number of tests per verdict.
  returned: when O(state=validated)
  type: dict
failures:
  description: Failed tests, with ANTA's messages.
  returned: when O(state=validated)
  type: list
  elements: str
reports:
  description: Folder of the reports, C(junit.xml) among them.
  returned: when O(state=validated)
  type: str
problems:
  description: What is wrong with the input, with host, key path, file and line.
  returned: when the input is refused
  type: list
  elements: dict
rejected:
  description: Lines that devices refused, with line number, mode and message.
  returned: when a configuration is rejected
  type: list
  elements: dict
exit_code:
  description: What the C(avdlab) command would have ended with.
  returned: on failure, but for failed tests
  type: int
devices:
  description: Results of all devices, by name.
  returned: when the task runs on localhost
  type: dict
"""
