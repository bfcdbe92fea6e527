"""What a terminal sends, as keys."""

from hypothesis import given
from hypothesis import strategies as st

from avdlab.twin.ssh.keys import Input, Keys


def test_escape_sequences_may_arrive_in_pieces():
    keys = Keys()
    assert keys.split("a\x1b") == ["a"]
    assert keys.split("[") == []
    assert keys.split("Ab") == ["up", "b"]


def test_unknown_sequences_are_swallowed():
    assert Keys().split("a\x1b[200~b\x1b[38;5;1mc") == ["a", "b", "c"]


@given(st.lists(st.sampled_from([*"ab c", "left", "right", "home", "end", "backspace", "delete"])))
def test_the_screen_shows_the_line(keys):
    """Replaying what is printed gives the line, and the cursor stands where it should."""
    line, screen, at = Input(), [], 0
    for key in keys:
        for letter in line.press(key):
            if letter == "\b":
                at -= 1
                continue
            screen[at : at + 1] = [letter]
            at += 1
    assert "".join(screen).rstrip() == line.text.rstrip()
    assert at == line.at
