"""What users add to AVD's own logic: Python modules for addresses and descriptions, templates.

Modules are looked for beside the inventory and in the project's folder. Templates need Ansible's
templating, which is loaded only for inventories that name some.
"""

import importlib
import sys
from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from avdlab.inventory.files import ansible_config

SHIM = Path(__file__).resolve().parents[1] / "inventory"  # holds arista.avd's filters and tests
_MODULE = ("python_module", "python_class_name")
DESIGN_TEMPLATES = "eos_designs_custom_templates"


def folders_of(root: Path) -> tuple[Path, ...]:
    """Return where custom modules and templates may lie, the inventory's own folder first."""
    config = ansible_config(root)
    return tuple(dict.fromkeys((root, *([config.parent] if config else ()))))


def has_modules(data: Mapping[str, Any]) -> bool:
    """Tell whether a host's inputs name a Python module."""
    return any("python_module" in part for part in _parts(data))


def has_templates(data: Mapping[str, Any]) -> bool:
    """Tell whether a host's inputs name Jinja templates."""
    if data.get(DESIGN_TEMPLATES):
        return True
    return any(key not in _MODULE and value for part in _parts(data) for key, value in part.items())


def _parts(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for name in ("node_type_keys", "custom_node_type_keys"):
        for item in data.get(name) or ():
            for part in ("ip_addressing", "interface_descriptions"):
                if isinstance(item, Mapping) and isinstance(item.get(part), Mapping):
                    yield item[part]


@contextmanager
def importable(folders: Sequence[Path]) -> Iterator[None]:
    """Let Python find the modules in these folders; afterwards it has forgotten them."""
    added = [str(folder) for folder in folders]
    before = set(sys.modules)
    sys.path[:0] = added
    importlib.invalidate_caches()
    try:
        yield
    finally:
        for text in added:
            sys.path.remove(text)
        for name in set(sys.modules) - before:
            file = str(getattr(sys.modules[name], "__file__", "") or "")
            if any(Path(text) in Path(file).parents for text in added):
                del sys.modules[name]


def templar_of(folders: Sequence[Path]) -> Any:  # noqa: ANN401 - pyavd is untyped
    """Return what pyavd renders custom templates with."""
    from ansible.parsing.dataloader import DataLoader
    from ansible.template import Templar
    from pyavd._utils.avd_templar import AVDTemplar

    _load_plugins()
    loader = DataLoader()
    loader.set_basedir(str(folders[0]))
    places = [str(place) for folder in folders for place in (folder, folder / "templates")]
    return AVDTemplar(Templar(loader=loader, variables={}), loader, places, True)


@lru_cache(maxsize=1)
def _load_plugins() -> None:
    """Set up Ansible's plugins: once for a process."""
    from ansible.plugins.loader import init_plugin_loader

    init_plugin_loader([str(SHIM)])


def apply_templates(structured: Any, data: Mapping[str, Any], templar: Any) -> None:  # noqa: ANN401
    """Merge what `eos_designs_custom_templates` give into an EOSConfig, as AVD's role does.

    Each is YAML, laid over what was there before; lists are merged as its options say.
    """
    import yaml
    from pyavd._eos_designs.structured_config.structured_config_generator import StructCfgs
    from pyavd._utils import template
    from pyavd.api.schemas import EOSConfig

    for item in data.get(DESIGN_TEMPLATES) or ():
        options = item.get("options") or {}
        strategy = StructCfgs.new_from_ansible_list_merge_strategy(
            options.get("list_merge", "append_rp")
        ).list_merge_strategy
        variables = ChainMap(structured._as_dict(), dict(data))
        text = template(item["template"], variables, templar)
        made = yaml.safe_load(text) if isinstance(text, str) else text
        if options.get("strip_empty_keys", True):
            made = _without_nulls(made)
        for part in made if isinstance(made, list) else [made] if made else ():
            structured._deepmerge(EOSConfig._from_dict(part), list_merge=strategy)


def _without_nulls(value: Any) -> Any:  # noqa: ANN401 - whatever a template gives
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value
