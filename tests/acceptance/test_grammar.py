"""Many structured configs from pyavd's whole schema, rendered and loaded."""

import pytest

from tests.twin.config import sensible
from tests.twin.config.conftest import load_table_maker
from tests.twin.config.test_schema import check

SEEDS = range(42000, 42008)


@pytest.mark.parametrize("first", SEEDS[::4])
def test_drawn_configs(repository, first):
    maker = load_table_maker(repository)
    maker.Drawn = sensible.drawn(maker)
    for text in maker.rendered(range(first, first + 4)):
        check(text)
