"""Kinds of AVD designs beside the public fabrics: healthy they are green, broken they are red."""

from pathlib import Path

import pytest

from tests.side import Side, made_from, red

DESIGNS = sorted((Path(__file__).parent / "designs").glob("*.yml"))


@pytest.mark.parametrize("path", DESIGNS, ids=lambda path: path.stem)
def test_a_healthy_design_is_green(path, tmp_path):
    inventory = tmp_path / "inventory.yml"
    inventory.write_text(path.read_text())
    side = Side.of(made_from(inventory))
    results = side.run()
    assert red(results) == set()
