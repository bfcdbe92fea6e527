"""Lines that EOS does not print because they say what is so anyway."""

from dataclasses import replace

from avdlab.twin.config.tree import Config, Line


def without_defaults(config: Config) -> Config:
    """Drop `no username X`, and of interfaces `no shutdown` and `switchport`, unless a global
    default makes them say something."""
    kept = tuple(line for line in config.children if not line.text.startswith("no username "))
    config = replace(config, children=kept)
    dropped = set()
    if not _ports_start_shut(config):
        dropped.add("no shutdown")
    if not config.has("switchport default mode routed"):
        dropped.add("switchport")
    if not dropped:
        return config
    return replace(config, children=tuple(_cleaned(line, dropped) for line in config.children))


def _cleaned(line: Line, dropped: set[str]) -> Line:
    if not line.text.startswith("interface ") or line.text == "interface defaults":
        return line
    kept = tuple(child for child in line.children if child.text not in dropped)
    return line if len(kept) == len(line.children) else replace(line, children=kept)


def _ports_start_shut(config: Config) -> bool:
    ethernet = (
        child for line in config.find("interface defaults") for child in line.find("ethernet")
    )
    return any(child.has("shutdown") for child in ethernet)
