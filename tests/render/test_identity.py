"""Every rendered config is the same tree indented, flat, and after printing (checks 39 and 40)."""

import pytest

from avdlab.twin.config.canonical import running_text
from avdlab.twin.config.loader import load

FABRICS = ("own", "single-dc-l3ls", "l2ls-fabric", "isis-ldp-ipvpn", "cv-pathfinder")


@pytest.mark.parametrize("fabric", FABRICS)
def test_flat_printed_and_indented_are_one_tree(rendered, fabric):
    for name, device in rendered(fabric).devices.items():
        config = load(device.config).config
        flat = "\n".join(line.strip() for line in device.config.splitlines())
        assert load(flat).config == config, name
        assert load(running_text(config)).config == config, name
