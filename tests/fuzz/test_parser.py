"""No text breaks the parser, and what it keeps of it prints back and loads again as it is."""

import pytest
from hypothesis import given, seed

from avdlab.twin.config.canonical import running_text, section
from avdlab.twin.config.coverage import coverage
from avdlab.twin.config.diff import session_diff
from avdlab.twin.config.loader import load
from avdlab.twin.config.read.root import TOP, read_settings
from avdlab.twin.config.tree import EMPTY, parse_indented
from tests.fuzz.conftest import CHOSEN, PROFILE
from tests.fuzz.lines import TEXT
from tests.twin.config.drawn_lines import texts


def survive(text):
    loaded = load(text)
    config = loaded.config
    for line in loaded.rejected:
        assert line.message
        assert 1 <= line.number <= max(1, len(text.splitlines()))
    printed = running_text(config)
    again = load(printed)
    # Without an indented line it is taken for flat text, where a mode without lines cannot be told
    # from one that takes the next line for its own.
    if any(line.startswith(" ") for line in printed.splitlines()):
        assert again.rejected == (), printed
        assert again.config == config, printed
    running_text(config, sanitized=True)
    session_diff(EMPTY, config, "s")
    section(config, "interface")
    parse_indented(text)
    read_settings(config)
    coverage(config, TOP)


@pytest.mark.parametrize("number", CHOSEN)
def test_no_text_breaks_the_parser(number):
    @seed(number)
    @PROFILE
    @given(TEXT | texts())
    def run(text):
        survive(text)

    run()
