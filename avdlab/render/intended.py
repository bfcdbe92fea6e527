"""AVD's own output in place of rendering: what `eos_designs` and `eos_cli_config_gen` wrote."""

from pathlib import Path
from typing import Any

from avdlab.errors import InputError, Problem
from avdlab.inventory.fabrics import node_type
from avdlab.inventory.model import Host, Inventory
from avdlab.inventory.problems import merged
from avdlab.render.catalogs import catalogs, is_deployed
from avdlab.render.model import Rendered, RenderedDevice


def read_intended(folder: Path, inventory: Inventory) -> Rendered:
    """Read `structured_configs/` and `configs/` of an AVD output folder; nothing is rendered.

    Raises InputError that names every file that is missing or cannot be read.
    """
    if not folder.is_dir():
        raise InputError(f"there is no folder {folder}", hint="Build the design with AVD first.")
    devices: dict[str, RenderedDevice] = {}
    problems: list[Problem] = []
    for host in inventory.design_hosts:
        try:
            devices[host.name] = _device(folder, host)
        except InputError as exc:
            problems += exc.problems
    if problems:
        raise InputError(merged(problems))
    structured = {name: device.structured_config for name, device in devices.items()}
    return Rendered(devices, catalogs(structured), notes=(f"nothing rendered: from {folder}",))


def _device(folder: Path, host: Host) -> RenderedDevice:
    structured = _structured(folder / "structured_configs", host.name)
    config = folder / "configs" / f"{host.name}.cfg"
    deployed = is_deployed(structured)
    try:
        text = config.read_text(encoding="utf-8")
    except FileNotFoundError:
        if deployed:
            raise _missing(host.name, config) from None
        text = ""
    role = node_type(host.name, host.variables) or ""
    return RenderedDevice(host.name, host.fabric or "", structured, text, "", deployed, role)


def _structured(folder: Path, name: str) -> dict[str, Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for path in (folder / f"{name}.yml", folder / f"{name}.yaml", folder / f"{name}.json"):
        if not path.is_file():
            continue
        try:
            data = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - safe
        except (yaml.YAMLError, UnicodeDecodeError) as exc:
            text = " ".join(str(exc).split())
            raise InputError([Problem(f"not valid YAML: {text}", name, file=str(path))]) from exc
        if not isinstance(data, dict):
            raise InputError([Problem("must be a mapping", name, file=str(path))])
        return data
    raise _missing(name, folder / f"{name}.yml")


def _missing(name: str, path: Path) -> InputError:
    hint = "Build the design with AVD first"
    return InputError([Problem("AVD's output is missing", name, file=str(path), hint=hint)])
