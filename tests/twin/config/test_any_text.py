"""No text breaks the parser, and what it keeps prints back to itself.

A few hundred examples here; tests/fuzz runs ten thousand.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from avdlab.twin.config.canonical import running_text
from avdlab.twin.config.editor import Editor, Rejected
from avdlab.twin.config.loader import load
from avdlab.twin.config.read.root import read_settings
from tests.twin.config.drawn_lines import texts


def check_text(text: str) -> None:
    config = load(text).config
    assert load(running_text(config)).config == config
    read_settings(config)


def check_typing(text: str) -> None:
    """A person types the lines: shortened words, one at a time; a refusal changes nothing."""
    editor = Editor(load("").config)
    editor.abbreviated = True
    for line in text.splitlines():
        before = editor.config()
        try:
            editor.execute(line.strip())
        except Rejected:
            assert editor.config() == before


@settings(max_examples=250)
@given(texts())
def test_lines_of_the_table(text):
    check_text(text)


@settings(max_examples=60)
@given(texts(longest=8))
def test_lines_typed(text):
    check_typing(text)


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_any_characters(text):
    check_text(text)
