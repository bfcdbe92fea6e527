"""Platform names that AVD does not know: it compares whole names, and falls back in silence."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

_VIRTUAL = re.compile("ceos|veos|cloudeos", re.IGNORECASE)


def platform_notes(
    platforms: Mapping[str, str],
    designs: Mapping[str, Any],
) -> list[str]:
    """Name platforms (of each device) that fit no platform settings of its design."""
    unknown: dict[str, list[str]] = {}
    for name, platform in sorted(platforms.items()):
        if platform and not _known(platform, designs[name]):
            unknown.setdefault(platform, []).append(name)
    return [f"{_some(names)}: {_said(platform)}" for platform, names in unknown.items()]


def _known(platform: str, design: Any) -> bool:  # noqa: ANN401 - pyavd is untyped
    listed: Iterable[Any] = (*design.custom_platform_settings, *design.platform_settings)
    return any(re.fullmatch(str(p), platform) for item in listed for p in item.platforms or ())


def _said(platform: str) -> str:
    text = f"AVD does not know the platform '{platform}' and"
    if _VIRTUAL.match(platform):
        known = "it knows cEOS, cEOSLab, vEOS-lab and CloudEOS"
        return f"{text} takes it for hardware; {known}"
    return f"{text} gives it its default settings"


def _some(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 3 else f"{names[0]} and {len(names) - 1} more"
