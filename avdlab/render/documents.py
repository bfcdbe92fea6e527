"""The fabric's own documents: Markdown, topology and point-to-point links."""

from collections.abc import Mapping
from typing import Any


def fabric_documents(
    fabric: str,
    facts: Mapping[str, Any],
    structured_configs: Mapping[str, Mapping[str, Any]],
    settings: Mapping[str, Any],
) -> dict[str, str]:
    """Return path below documentation/ -> text, as eos_designs_documentation (`settings`) asks."""
    from pyavd import get_fabric_documentation

    made = get_fabric_documentation(
        dict(facts),
        {name: dict(config) for name, config in structured_configs.items()},
        fabric,
        include_connected_endpoints=bool(settings.get("connected_endpoints", False)),
        topology_csv=True,
        p2p_links_csv=True,
        toc=bool(settings.get("toc", True)),
    )
    return {
        f"fabric/{fabric}-documentation.md": made.fabric_documentation,
        f"fabric/{fabric}-topology.csv": made.topology_csv,
        f"fabric/{fabric}-p2p-links.csv": made.p2p_links_csv,
    }
