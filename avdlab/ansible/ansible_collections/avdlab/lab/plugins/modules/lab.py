"""Ansible module avdlab.lab.lab: bring a lab to a state, by the same calls as the command line."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: lab
short_description: Bring a lab of an AVD fabric to a state
description:
  - Renders an AVD inventory, starts the lab, deploys the configurations, validates them, or removes
    the lab. The same stages as the C(avdlab) command, with a true C(changed).
  - Run it on the machine that holds the inventory, with the Python that avdlab is installed in.
options:
  inventory:
    description: Path of the AVD inventory.
    type: path
    required: true
  state:
    description:
      - C(built) renders and writes AVD's folders. C(up) also starts the lab and deploys.
      - C(deployed) deploys to the running lab. C(validated) runs the tests. C(absent) removes it.
    type: str
    choices: [built, up, deployed, validated, absent]
    default: up
  name:
    description: Name of the lab. The fabric's name by default.
    type: str
  limit:
    description: Devices to deploy to or to validate, as a list of names. All by default.
    type: list
    elements: str
  backend:
    description: Where the lab runs.
    type: str
    choices: [twin]
attributes:
  check_mode:
    support: full
    description: Every state reports what would change and changes nothing.
  diff_mode:
    support: full
    description: Returns the session diff of each device.
author:
  - the avdlab developers
"""

EXAMPLES = r"""
- name: Bring up the lab of this inventory
  avdlab.lab.lab:
    inventory: "{{ ansible_inventory_sources[0] }}"
    state: up

- name: Validate it
  avdlab.lab.lab:
    inventory: "{{ ansible_inventory_sources[0] }}"
    state: validated
"""

RETURN = r"""
lab:
  description: Name of the lab.
  returned: always but for a lab that was not there
  type: str
devices:
  description: Devices whose configuration changed (or would change), or that were rendered.
  returned: always
  type: list
  elements: str
summary:
  description: Number of tests per verdict.
  returned: when state is validated
  type: dict
failures:
  description: Failed tests, with the device and ANTA's messages.
  returned: when tests failed
  type: list
  elements: str
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import AnsibleModule

if TYPE_CHECKING:
    from avdlab.design import Prepared
    from avdlab.lab import Lab


def main() -> None:
    """Read the parameters, bring the lab to the state, say what changed."""
    module = AnsibleModule(
        argument_spec={
            "inventory": {"type": "path", "required": True},
            "state": {
                "type": "str",
                "choices": ["built", "up", "deployed", "validated", "absent"],
                "default": "up",
            },
            "name": {"type": "str"},
            "limit": {"type": "list", "elements": "str"},
            "backend": {"type": "str", "choices": ["twin"]},
        },
        supports_check_mode=True,
    )
    try:
        from avdlab.errors import AvdlabError
    except ImportError:
        module.fail_json(
            msg="avdlab is not installed for this Python: set ansible_python_interpreter to "
            "'{{ ansible_playbook_python }}', or run make install"
        )
    try:
        result = STATES[module.params["state"]](module)
    except AvdlabError as exc:
        module.fail_json(msg=str(exc), exit_code=exc.exit_code)
    module.exit_json(**result)


def _inventory(module: AnsibleModule) -> Path:
    return Path(module.params["inventory"]).resolve()


def _prepared(module: AnsibleModule) -> Prepared:
    from avdlab.design import Source, prepare
    from avdlab.events import Reporter

    return prepare(Source(_inventory(module)), Reporter(), check=module.check_mode)


def _lab_of(module: AnsibleModule, prepared: Prepared) -> Lab:
    from avdlab.events import Reporter
    from avdlab.lab import Lab
    from avdlab.project import project_of
    from avdlab.settings import load_settings

    project = project_of(_inventory(module))
    settings = load_settings(project, {"backend": module.params["backend"]})
    return Lab.of(prepared, project, settings, Reporter(), module.params["name"])


def _open(module: AnsibleModule) -> Lab:
    from avdlab.lab import Lab

    return Lab.open(_inventory(module), module.params["name"])


def _devices(module: AnsibleModule) -> frozenset[str] | None:
    names = module.params["limit"]
    return frozenset(names) if names is not None else None


def _built(module: AnsibleModule) -> dict[str, Any]:
    prepared = _prepared(module)
    devices = sorted(prepared.rendered.devices) if prepared.rendered else []
    return {"changed": bool(prepared.written), "lab": prepared.name, "devices": devices}


def _up(module: AnsibleModule) -> dict[str, Any]:
    prepared = _prepared(module)
    lab = _lab_of(module, prepared)
    new = lab.new
    with lab.folder.locked():
        made = lab.design(prepared)
        plan = lab.plan(made)
        if module.check_mode:
            if new:
                lab.folder.remove()
            return {
                "changed": bool(plan.changes),
                "lab": lab.folder.name,
                "devices": [],
                "diff": {"prepared": "".join(f"{change}\n" for change in plan.changes)},
            }
        deployment = lab.up(made)
    changed = bool(plan.changes) or bool(deployment.changed)
    return {"changed": changed, "lab": lab.folder.name, "devices": list(deployment.changed)}


def _deployed(module: AnsibleModule) -> dict[str, Any]:
    prepared = _prepared(module)
    lab = _open(module)
    with lab.folder.locked():
        deployment = lab.deploy(
            lab.design(prepared), check=module.check_mode, devices=_devices(module)
        )
    diffs = [
        {"prepared": f"{name}\n{device.diff}"}
        for name, device in deployment.devices.items()
        if device.changed
    ]
    return {
        "changed": bool(deployment.changed),
        "lab": lab.folder.name,
        "devices": list(deployment.changed),
        "diff": diffs,
    }


def _validated(module: AnsibleModule) -> dict[str, Any]:
    lab = _open(module)
    results = lab.validate(devices=_devices(module))
    summary = {verdict.value: count for verdict, count in results.count().items()}
    failures = [f"{t.device} {t.test}: {'; '.join(t.messages)}" for t in results.failed]
    if failures:
        module.fail_json(
            msg=f"{len(failures)} of {len(results.tests)} tests failed",
            failures=failures,
            summary=summary,
        )
    return {"changed": False, "lab": lab.folder.name, "devices": [], "summary": summary}


def _absent(module: AnsibleModule) -> dict[str, Any]:
    from avdlab.errors import NoLabError

    try:
        lab = _open(module)
    except NoLabError:
        return {"changed": False, "devices": []}
    if not module.check_mode:
        with lab.folder.locked():
            lab.down()
    return {"changed": True, "lab": lab.folder.name, "devices": []}


STATES = {
    "built": _built,
    "up": _up,
    "deployed": _deployed,
    "validated": _validated,
    "absent": _absent,
}

if __name__ == "__main__":
    main()
