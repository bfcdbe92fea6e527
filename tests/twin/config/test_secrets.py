"""Passwords of local users."""

import pytest

from avdlab.twin.config.secrets import verify

# sha512-crypt of "arista" with the salt "abcdefgh", made by `openssl passwd -6`.
HASH = (
    "$6$abcdefgh$wXNEgvmlaHV3PqSf6QRvTM0RWYZv8EjF5.Zc5Q"
    "o.GO3FFeAzhZx1uoI.S6oT26l1DzDsa5wfKJe5MVtKbupSs1"
)


@pytest.mark.parametrize(
    ("secret", "password", "right"),
    [
        (None, "arista", False),
        (("nopassword", ""), "", True),
        (("0", "arista"), "arista", True),
        (("0", "arista"), "Arista", False),
        (("sha512", HASH), "arista", True),
        (("sha512", HASH), "wrong", False),
        (("sha512", "nonsense"), "arista", False),
        (("5", "$1$x$y"), "arista", False),
    ],
)
def test_verify(secret, password, right):
    assert verify(secret, password) is right
