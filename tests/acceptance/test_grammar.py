"""Many structured configs from pyavd's whole schema, rendered and loaded; many texts besides."""

import pytest
from hypothesis import HealthCheck, given, settings

from tests.twin.config import sensible
from tests.twin.config.conftest import load_table_maker
from tests.twin.config.drawn_lines import texts
from tests.twin.config.test_any_text import check_text
from tests.twin.config.test_schema import check

SEEDS = range(42000, 42024)


@pytest.mark.parametrize("first", SEEDS[::4])
def test_drawn_configs(repository, first):
    maker = load_table_maker(repository)
    maker.Drawn = sensible.drawn(maker)
    for text in maker.rendered(range(first, first + 4)):
        check(text)


@pytest.mark.timeout(900)
@settings(
    max_examples=10_000,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(texts())
def test_ten_thousand_texts(text):
    check_text(text)
