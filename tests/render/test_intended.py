"""AVD's own output, taken instead of rendering."""

from collections.abc import Callable
from pathlib import Path

import pytest

from avdlab.errors import InputError
from avdlab.inventory.load import load
from avdlab.render import read_intended, render, write


def test_output_on_disk_is_what_was_rendered(fabric_copy: Callable[[str], Path]) -> None:
    inventory = load(fabric_copy("l2ls-fabric"))
    rendered = render(inventory)
    write(rendered, inventory.root)
    found = read_intended(inventory.root / "intended", inventory)
    assert found.catalogs == rendered.catalogs
    for name, device in rendered.devices.items():
        assert found.devices[name].config == device.config
        assert found.devices[name].structured_config == device.structured_config
        assert found.devices[name].role == device.role


def test_every_missing_file_is_named(fabric_copy: Callable[[str], Path]) -> None:
    inventory = load(fabric_copy("l2ls-fabric"))
    intended = inventory.root / "intended"
    intended.mkdir()
    with pytest.raises(InputError) as caught:
        read_intended(intended, inventory)
    assert len(caught.value.problems) == 6
    assert "structured_configs/LEAF1.yml" in str(caught.value)
