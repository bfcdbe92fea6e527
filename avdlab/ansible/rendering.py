"""The state `built`: AVD's folders, compared before they are written."""

import re
from collections.abc import Mapping
from difflib import unified_diff
from pathlib import Path

from avdlab.ansible.inputs import Inputs
from avdlab.ansible.request import Outcome, Request, Slice
from avdlab.deploy.redact import redact
from avdlab.design import output_root
from avdlab.render import write
from avdlab.render.files import files
from avdlab.render.model import Rendered
from avdlab.state import write_private

OF_DEVICE = re.compile(
    r"(?:intended/configs|intended/structured_configs|documentation/devices|anta/avd_catalogs)"
    r"/(?P<device>.+)\.(?:cfg|yml|md|json)$"
)


def built(request: Request, inputs: Inputs) -> Outcome:
    """Render the design and write the files of the play's devices (all: the fabric's as well)."""
    prepared = inputs.prepared(request)
    rendered = prepared.rendered
    if rendered is None or prepared.inventory is None:
        return Outcome({})
    names = request.chosen(list(rendered.devices))
    root = output_root(request.inventory)
    wanted = files(rendered) if prepared.source.intended is None else {}
    changed = _changed(wanted, root, names, whole=len(names) == len(rendered.devices))
    diffs = {name: _diff(root, name, wanted) for name in names} if request.diff else {}
    if not request.check:
        _write(rendered, root, wanted, changed, whole=len(names) == len(rendered.devices))
    devices = {name: _slice(name, changed, diffs.get(name, "")) for name in names}
    outside = {
        name: host.reason_outside
        for name, host in prepared.inventory.hosts.items()
        if name not in rendered.devices
    }
    return Outcome(devices, {"lab": prepared.name, "output": str(root)}, outside)


def _changed(
    wanted: Mapping[str, str], root: Path, names: tuple[str, ...], *, whole: bool
) -> list[str]:
    """Return the files (below `root`) that differ, of some devices or of the whole fabric."""
    found = []
    for file, text in wanted.items():
        owner = _owner(file)
        if (owner in names if owner else whole) and _read(root / file) != text:
            found.append(file)
    return found


def _write(
    rendered: Rendered, root: Path, wanted: Mapping[str, str], changed: list[str], *, whole: bool
) -> None:
    if whole and wanted:
        write(rendered, root)
        return
    for file in changed:
        write_private(root / file, wanted[file])


def _owner(file: str) -> str:
    found = OF_DEVICE.match(file)
    return found["device"] if found else ""


def _slice(name: str, changed: list[str], diff: str) -> Slice:
    own = [file for file in changed if _owner(file) in {name, ""}]
    result: Slice = {"changed": any(_owner(file) == name for file in own), "files": own}
    return result | ({"diff": [{"prepared": diff}]} if diff else {})


def _diff(root: Path, name: str, wanted: Mapping[str, str]) -> str:
    """Return the difference of the intended config, without secrets."""
    file = f"intended/configs/{name}.cfg"
    before, after = _read(root / file), wanted.get(file, "")
    lines = unified_diff(
        before.splitlines(keepends=True),
        after.splitlines(keepends=True),
        f"{file} (on disk)",
        f"{file} (rendered)",
    )
    return redact("".join(lines))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return ""
