"""The baseline: pyavd's public functions in a loop, one device after the other."""

import copy
from collections.abc import Mapping
from typing import Any

from avdlab.inventory.model import Inventory


def plain(
    inventory: Inventory, *, documentation: bool = True, catalogs: bool = True
) -> dict[str, Mapping[str, Any]]:
    """Render the devices of an inventory as AVD's documentation shows it."""
    from pyavd import (
        get_avd_facts,
        get_device_config,
        get_device_doc,
        get_device_structured_config,
        get_device_test_catalog,
        validate_inputs,
        validate_structured_config,
    )
    from pyavd.api.anta import AVDFabricData
    from pyavd.api.eos_cli_config_gen import DocRenderConfiguration

    made: dict[str, dict[str, Any]] = {}
    for fabric in inventory.fabrics:
        hosts = [host for host in inventory.hosts.values() if host.fabric == fabric]
        inputs = {h.name: validate_inputs(dict(h.variables)).validated_data or {} for h in hosts}
        facts = get_avd_facts(inputs)
        for host in hosts:
            designed = get_device_structured_config(host.name, inputs[host.name], facts)
            valid = validate_structured_config(designed._as_dict()).validated_data or {}
            made[host.name] = {"structured_config": valid, "config": get_device_config(valid)}
            made[host.name] |= {"documentation": "", "catalog": None}
            if documentation:
                hidden = DocRenderConfiguration(hide_passwords=True)
                text = get_device_doc(copy.deepcopy(valid), add_md_toc=True, configuration=hidden)
                made[host.name]["documentation"] = text
    if catalogs:
        data = AVDFabricData.from_structured_configs(
            {name: device["structured_config"] for name, device in made.items()}
        )
        for name, device in made.items():
            catalog = get_device_test_catalog(name, device["structured_config"], data)
            device["catalog"] = catalog.dump().to_json()
    return dict(made)
