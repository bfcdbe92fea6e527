"""What the action plugins share: one question to avdlab per host, and how avdlab is reached.

avdlab runs in a process of its own, started by the first task of a run (`avdlab.ansible.serve`).
It lives as long as the run, so Ansible's own process needs nothing but ansible-core.
"""

from __future__ import annotations

import fcntl
import itertools
import json
import os
import socket
import subprocess
import time
from pathlib import Path
from typing import Any, ClassVar

from ansible import constants, context
from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

STARTING = 60.0  # seconds; a cold start reads and compiles some packages
LAYERED = ("avdlab_inventory.yml", "avdlab_inventory.yaml")  # ours, no AVD inventory

_runs = itertools.count()  # loops and retries of a task run in one process, in one order
display = Display()


class FabricAction(ActionBase):  # type: ignore[misc]  # Ansible is not typed
    """A task on many hosts that is work for the whole fabric, done once."""

    _supports_check_mode = True
    _supports_diff = True
    _supports_async = False
    _requires_connection = False

    ACTION = ""
    OPTIONS: ClassVar[dict[str, dict[str, Any]]] = {}

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Ask avdlab for the result of this task on this host."""
        super().run(tmp, task_vars)
        variables = task_vars or {}
        _validation, options = self.validate_argument_spec(argument_spec=self.OPTIONS)
        python = options.pop("python") or variables["ansible_playbook_python"]
        request = {
            "task": f"{self._task._uuid}#{next(_runs)}",
            "host": str(variables["inventory_hostname"]),
            "action": self.ACTION,
            "inventory": options.pop("inventory") or _inventory(variables),
            "hosts": list(variables.get("ansible_play_batch") or [variables["inventory_hostname"]]),
            "options": options,
            "check": bool(self._task.check_mode),
            "diff": bool(self._task.diff),
            "extra_vars": list(context.CLIARGS.get("extra_vars") or ()),
            "vault_password_file": self._vault_password_file(),
        }
        return _ask(request, str(python))

    def _vault_password_file(self) -> str | None:
        """Return the file of the run's vault password; a typed one goes into the run's folder."""
        files = context.CLIARGS.get("vault_password_files") or ()
        if files:
            return str(files[0])
        if not context.CLIARGS.get("ask_vault_pass"):
            return None
        path = _run_folder() / "avdlab.vault"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(self._loader._vault.secrets[-1][1].bytes)
        return str(path)


def _inventory(variables: dict[str, Any]) -> str:
    """Return the AVD inventory of the run: the first of its sources that is not ours."""
    sources = [str(source) for source in variables.get("ansible_inventory_sources") or ()]
    found = [path for path in sources if Path(path).exists() and not path.endswith(LAYERED)]
    if not found:
        raise AnsibleActionFail(
            "this run has no AVD inventory: use -i, or set the option inventory of the task"
        )
    return found[0]


def _run_folder() -> Path:
    """Return the private folder that Ansible makes for a run and removes after it."""
    return Path(constants.DEFAULT_LOCAL_TMP)


def _ask(request: dict[str, Any], python: str) -> dict[str, Any]:
    """Send a request and wait for the result; what happens meanwhile is shown with -v."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(_address(python))
            stream = connection.makefile("rw", encoding="utf-8")
            stream.write(json.dumps(request) + "\n")
            stream.flush()
            for line in stream:
                answer = json.loads(line)
                if "result" in answer:
                    return dict(answer["result"])
                display.v(f"avdlab: {answer['event']}")
    except OSError as exc:
        raise AnsibleActionFail(f"avdlab cannot be asked: {exc}") from exc
    raise AnsibleActionFail(f"avdlab ended while it worked. {_last_words()}")


def _address(python: str) -> str:
    """Return the socket of the run's avdlab; the first one who asks starts it."""
    path = _run_folder() / "avdlab.address"
    with (_run_folder() / "avdlab.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            _start(python, path)
    return path.read_text(encoding="utf-8")


def _start(python: str, announced: Path) -> None:
    environment = dict(os.environ)
    identities = context.CLIARGS.get("vault_ids") or ()
    if identities:
        environment["ANSIBLE_VAULT_IDENTITY_LIST"] = ",".join(identities)
    with (_run_folder() / "avdlab.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 (the Python that the user named)
            [python, "-P", "-m", "avdlab.ansible.serve", str(_run_folder()), str(os.getppid())],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,
        )
    until = time.monotonic() + STARTING
    while not announced.exists():
        if process.poll() is not None or time.monotonic() > until:
            raise AnsibleActionFail(
                f"avdlab does not start with {python}. {_last_words()} "
                "Install avdlab there, or set the option python to an interpreter that has it."
            )
        time.sleep(0.02)


def _last_words() -> str:
    try:
        lines = (_run_folder() / "avdlab.log").read_text(errors="replace").strip().splitlines()
    except OSError:
        return ""
    return f"It said: {lines[-1]}" if lines else ""
