"""Messages: written and read back; what is no message is refused."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avdlab.twin.wire.messages import (
    DIGEST,
    ENTRIES,
    Entry,
    Fragment,
    Hello,
    Kind,
    MalformedError,
    Summary,
    Want,
    decode,
    encode,
)

boots = st.binary(min_size=6, max_size=6)
entries = st.builds(
    Entry, boots, st.sampled_from(Kind), st.integers(0, 2**64 - 1), st.integers(0, 2**32 - 1)
)
ports = st.from_regex(r"Ethernet[1-9][0-9]?(/[1-9])?", fullmatch=True)
messages = st.one_of(
    st.builds(Hello, boots, ports, st.binary(min_size=DIGEST, max_size=DIGEST)),
    st.builds(Summary, st.lists(entries, max_size=ENTRIES).map(tuple)),
    st.builds(Want, entries),
    st.builds(Fragment, entries, st.just(2), st.integers(3, 9), st.binary(max_size=1200)),
)


@given(messages, st.binary(max_size=40).map(lambda pad: bytes(len(pad))))
def test_what_is_written_is_read_whatever_padding_follows(message, padding):
    assert decode(encode(message) + padding) == message
    assert len(encode(message)) <= 1486  # in an Ethernet frame


@given(st.binary(max_size=200))
def test_any_octets_are_a_message_or_refused(data):
    with contextlib.suppress(MalformedError):
        decode(data)


@given(messages, st.integers(0, 1500))
def test_a_cut_message_is_refused_or_shorter(message, length):
    whole = encode(message)
    try:
        decode(whole[:length])
    except MalformedError:
        assert length < len(whole)


@pytest.mark.parametrize(
    "data", [b"", b"\x01", b"\x02\x01", b"\x01\x09", b"\x01\x01" + bytes(14) + b"\x00"]
)
def test_refused(data):
    with pytest.raises(MalformedError):
        decode(data)
