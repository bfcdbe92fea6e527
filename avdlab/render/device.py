"""One device from its inputs and the fabric's facts: structured config, config, documentation.

Nothing here knows the inventory, so that it runs in helper processes as well.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from avdlab.render.configs import render_config, render_documentation
from avdlab.render.customization import apply_templates
from avdlab.render.files import to_yaml


@dataclass(frozen=True, slots=True)
class Work:
    """A device to render. `structured` is given for one that AVD does not design."""

    name: str
    inputs: Mapping[str, Any]
    documentation: bool = True
    structured: bool = False  # the inputs are the structured config


@dataclass(frozen=True, slots=True)
class Made:
    """What was rendered of a device, or what AVD's schema objects to in its structured config."""

    structured_config: Mapping[str, Any]
    config: str = ""
    documentation: str = ""
    structured_text: str = ""  # the structured config as YAML
    violations: tuple[tuple[tuple[str, ...], str], ...] = ()
    asked: frozenset[str] = field(default=frozenset())  # whose facts were looked at; "": all


class Watched(Mapping[str, Any]):
    """The facts of a fabric, with a note of whose were asked for."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._facts = facts
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - pyavd is untyped
        self.asked.add(name)
        return self._facts[name]

    def __contains__(self, name: object) -> bool:
        self.asked.add(str(name))
        return name in self._facts

    def __iter__(self) -> Iterator[str]:
        self.asked.add("")
        return iter(self._facts)

    def __len__(self) -> int:
        self.asked.add("")
        return len(self._facts)


def warm() -> None:
    """Load what rendering needs: more than a second for pyavd's schemas and templates."""
    from pyavd import validate_structured_config
    from pyavd.api.schemas import EOSConfig

    warm_inputs()
    validate_structured_config({})
    EOSConfig._from_dict({})
    import_module("pyavd._eos_designs.structured_config")
    render_config({"hostname": "warm"})


def warm_inputs() -> None:
    """Load what is needed in any case, be the devices cached or not."""
    from pyavd import validate_inputs
    from pyavd.api.schemas import AVDDesign

    validate_inputs({})
    AVDDesign._from_dict({})
    import_module("pyavd._eos_designs.eos_designs_facts.get_facts")


def render_device(
    work: Work,
    facts: Mapping[str, Any],
    design: Any = None,  # noqa: ANN401 - pyavd is untyped
    templar: Any = None,  # noqa: ANN401
) -> Made:
    """Render a device; `design` are its inputs as AVD's object, where they are at hand."""
    if work.structured:
        return _finish(work.inputs, documentation=work.documentation)
    watched = Watched(facts)
    data = _structured_config(work, watched, design, templar)
    return _finish(data, documentation=work.documentation, asked=frozenset(watched.asked))


def _structured_config(work: Work, facts: Watched, design: Any, templar: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return what AVD designs for a device. The public function takes no templates."""
    from pyavd.api.schemas import AVDDesign

    inputs = AVDDesign._from_dict(dict(work.inputs)) if design is None else design
    if templar is None:
        from pyavd import get_device_structured_config

        made = get_device_structured_config(work.name, inputs, facts, hostvars=dict(work.inputs))
    else:
        from pyavd._eos_designs.structured_config import get_structured_config

        made = get_structured_config(
            hostname=work.name,
            inputs=inputs,
            all_facts=facts,
            hostvars=dict(work.inputs),
            templar=templar,
        )
        apply_templates(made, work.inputs, templar)
    data: dict[str, Any] = made._as_dict()
    return data


def _finish(
    structured: Mapping[str, Any], *, documentation: bool, asked: frozenset[str] = frozenset()
) -> Made:
    """Validate a structured config (users add to it unchecked) and render its texts."""
    from pyavd import validate_structured_config

    result = validate_structured_config(dict(structured))
    violations = tuple(
        (tuple(item.path), str(item.message)) for item in result.validation_result.violations
    )
    if violations:
        return Made({}, violations=violations, asked=asked)
    valid = result.validated_data or {}
    text = render_documentation(valid) if documentation else ""
    return Made(valid, render_config(valid), text, to_yaml(valid), asked=asked)
