"""Telnet's commands are taken out of the text, however the bytes arrive."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from avdlab.cli.telnet import DO, DONT, IAC, SB, SE, WILL, WONT, Decoder, encode


def all_of(pieces):
    decoder = Decoder()
    both = [decoder.feed(piece) for piece in pieces]
    return b"".join(text for text, _ in both), b"".join(answer for _, answer in both)


def test_echo_is_agreed_to_and_the_rest_refused():
    offer = bytes([IAC, WILL, 1, IAC, WILL, 3, IAC, DO, 24, IAC, DO, 3, IAC, WILL, 99])
    text, answers = all_of([b"leaf1", offer, b"> "])
    assert text == b"leaf1> "
    assert answers == bytes([IAC, DO, 1, IAC, DO, 3, IAC, WONT, 24, IAC, WILL, 3, IAC, DONT, 99])


def test_negotiations_and_subnegotiations_are_not_shown():
    text, answers = all_of([bytes([IAC, SB, 24, 1, IAC, SE]) + b"x" + bytes([IAC, WONT, 1])])
    assert (text, answers) == (b"x", b"")


def test_what_holds_already_is_not_answered_and_an_end_of_it_is():
    decoder = Decoder()
    assert decoder.feed(bytes([IAC, WILL, 3]))[1] == bytes([IAC, DO, 3])
    assert decoder.feed(bytes([IAC, WILL, 3]))[1] == b""
    assert decoder.feed(bytes([IAC, WONT, 3]))[1] == bytes([IAC, DONT, 3])
    assert decoder.feed(bytes([IAC, WONT, 3]))[1] == b""
    assert decoder.feed(bytes([IAC, WILL, 3]))[1] == bytes([IAC, DO, 3])


@given(st.lists(st.tuples(st.sampled_from([DO, DONT, WILL, WONT]), st.integers(0, 4)), max_size=8))
def test_two_ends_do_not_answer_each_other_for_ever(offers):
    """GNS3's console says WILL to every DO, and DO to every WILL."""
    here, there = Decoder(), Decoder()
    for verb, option in offers:
        _, said = here.feed(bytes([IAC, verb, option]))
        for _ in range(3):
            _, back = there.feed(said)
            _, said = here.feed(back)
        assert said == b""


@given(st.binary(max_size=60), st.lists(st.integers(0, 60), max_size=6))
def test_what_is_typed_arrives_as_it_was_however_it_is_cut(typed, cuts):
    sent = encode(typed)
    marks = [0, *sorted(cut for cut in cuts if cut <= len(sent)), len(sent)]
    pieces = [sent[a:b] for a, b in itertools.pairwise(marks)]
    assert all_of(pieces)[0] == typed


@given(st.binary(max_size=80))
def test_no_bytes_break_it(data):
    all_of([data])
