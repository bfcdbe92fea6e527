"""AVD's ANTA catalogs: what the design promises, as tests."""

from collections.abc import Mapping
from typing import Any


def catalogs(structured_configs: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return the catalog of each deployed device as JSON text.

    All devices are handed in together: a device's tests name its neighbors.
    """
    from pyavd import get_device_test_catalog
    from pyavd.api.anta import AVDFabricData

    plain = {name: dict(config) for name, config in structured_configs.items() if config}
    fabric = AVDFabricData.from_structured_configs(plain)
    return {
        name: get_device_test_catalog(name, config, fabric).dump().to_json()
        for name, config in sorted(plain.items())
        if is_deployed(config)
    }


def is_deployed(structured_config: Mapping[str, Any]) -> bool:
    """Tell whether the device is (to be) in the network: AVD's `is_deployed`."""
    metadata = structured_config.get("metadata") or {}
    return bool(metadata.get("is_deployed", True))
