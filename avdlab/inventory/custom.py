"""Custom structured configuration against AVD's schema of EOS configurations, before it is merged.

pyavd merges what users write there unchecked, and says of the first unknown key neither host nor
path. Checked here, every such key is found, with its place.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from avdlab.errors import Problem
from avdlab.inventory.locate import key_path, located
from avdlab.inventory.model import Host

PREFIX = "custom_structured_configuration_"
# What the parts are merged into may have what they lack.
_LATER = ("Missing the required key", "Required key")


def prefixes(variables: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the prefixes of the variables that hold custom structured configuration."""
    given = variables.get("custom_structured_configuration_prefix")
    listed = given if isinstance(given, list) else [given] if given else []
    return tuple(str(item) for item in listed) or (PREFIX,)


def custom_problems(host: Host, checked: dict[str, list[tuple[list[str], str]]]) -> list[Problem]:
    """Return what is wrong with a host's custom parts; `checked` keeps what is known of values."""
    found: list[Problem] = []
    for prefix in prefixes(host.variables):
        for name, value in host.variables.items():
            if not name.startswith(prefix) or name == "custom_structured_configuration_prefix":
                continue
            key = name.removeprefix(prefix)
            if key == "list_merge" or key.startswith("_"):
                continue
            text = key + json.dumps(value, sort_keys=True)
            if text not in checked:
                checked[text] = list(_violations(key, value))
            for path, message in checked[text]:
                problem = Problem(message, host.name, key_path([name, *path[1:]]))
                found.append(located(problem, host.sources.get(name, ())))
    return found


def _violations(key: str, value: object) -> Iterator[tuple[list[str], str]]:
    from pyavd import validate_structured_config
    from pyavd.api.schemas import EOSConfig

    result = validate_structured_config({key: value}).validation_result
    for item in result.violations:
        if not item.message.startswith(_LATER):
            yield list(item.path), item.message.rstrip(".")
    if key not in EOSConfig._fields and not result.violations:
        yield [key], f"AVD's structured config has no key '{key}'"
