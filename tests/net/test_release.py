"""EOS releases."""

import pytest

from avdlab.net.release import Release


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ("4.23.0.1F", (4, 23, 0)),
        ("EOS-4.36.0.1F-47401373.43601F (engineering build)", (4, 36, 0)),
        ("! device: r1 (vEOS, EOS-4.21.1.1F)", (4, 21, 1)),
        ("4.9M", (4, 9, 0)),
    ],
)
def test_releases_in_text(text: str, release: tuple[int, ...]):
    assert Release.parse(text) == release


def test_order_is_that_of_numbers():
    assert Release(4, 9, 3) < Release(4, 23) < Release(4, 30, 1)
    assert Release.parse("no release") is None
    assert str(Release(4, 23, 1)) == "4.23.1"
