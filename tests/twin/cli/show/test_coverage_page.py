"""docs/twin-coverage.md is what the registries say."""

from tools import twin_coverage


def test_the_page_is_fresh():
    """If this fails: python tools/twin_coverage.py"""
    assert twin_coverage.PAGE.read_text("utf-8") == twin_coverage.page()
