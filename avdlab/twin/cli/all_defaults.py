"""`show running-config all`: the defaults that client libraries read there, spelled out.

EOS prints thousands of lines here; the twin adds those of VLANs, VRFs and of interfaces' state.
"""

from dataclasses import replace

from avdlab.twin.config.tree import Config, Line


def with_defaults(config: Config) -> Config:
    """Return the configuration with the defaults of its VLANs and interfaces."""
    return replace(config, children=tuple(_filled(line) for line in config.children))


def _filled(line: Line) -> Line:
    words = line.words
    match words:
        case ("vlan", number) if number.isdigit():
            return _with(line, name=f"name VLAN{int(number):04d}", state="state active")
        case ("vrf", "instance", _):
            return _with(line, description="no description")
        case ("interface", _):
            return _with(line, shutdown="no shutdown")
    return line


def _with(line: Line, **defaults: str) -> Line:
    missing = tuple(
        Line(text)
        for keyword, text in defaults.items()
        if not any(keyword in child.words[:1] for child in line.children)
    )
    return replace(line, children=(*missing, *line.children))
