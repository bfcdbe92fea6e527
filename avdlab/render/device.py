"""One device from its inputs and the fabric's facts: structured config, config, documentation.

Nothing here knows the inventory, so that it runs in worker processes as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from avdlab.render.configs import render_config, render_documentation
from avdlab.render.customization import apply_templates


@dataclass(frozen=True, slots=True)
class Made:
    """What was rendered of a device, or what AVD's schema objects to in its structured config."""

    structured_config: Mapping[str, Any]
    config: str = ""
    documentation: str = ""
    violations: tuple[tuple[tuple[str, ...], str], ...] = ()


def structured_config(
    name: str,
    design: Any,  # noqa: ANN401 - pyavd is untyped
    facts: Mapping[str, Any],
    hostvars: Mapping[str, Any],
    templar: Any = None,  # noqa: ANN401 - pyavd is untyped
) -> dict[str, Any]:
    """Return what AVD designs for a device. The public function takes no templates."""
    if templar is None:
        from pyavd import get_device_structured_config

        made = get_device_structured_config(name, design, facts, hostvars=dict(hostvars))
    else:
        from pyavd._eos_designs.structured_config import get_structured_config

        made = get_structured_config(
            hostname=name,
            inputs=design,
            all_facts=facts,
            hostvars=dict(hostvars),
            templar=templar,
        )
        apply_templates(made, hostvars, templar)
    data: dict[str, Any] = made._as_dict()
    return data


def finish(structured: Mapping[str, Any], *, documentation: bool) -> Made:
    """Validate a structured config (users add to it unchecked) and render its texts."""
    from pyavd import validate_structured_config

    result = validate_structured_config(dict(structured))
    violations = tuple(
        (tuple(item.path), str(item.message)) for item in result.validation_result.violations
    )
    if violations:
        return Made({}, violations=violations)
    valid = result.validated_data or {}
    text = render_documentation(valid) if documentation else ""
    return Made(valid, render_config(valid), text)
