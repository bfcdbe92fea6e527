"""The lab user's password as EOS stores it."""

import hashlib

from avdlab.overlay.model import LabUser


def password_hash(user: LabUser) -> str:
    """Return the sha512 crypt hash of the lab user's password.

    The salt follows from the user's name, so that the same user and password give the same line in
    every render: a random salt would make every deploy a change.
    """
    from pyavd_utils.passwords import sha512_crypt

    salt = hashlib.sha256(f"avdlab/{user.name}".encode()).hexdigest()[:16]
    return str(sha512_crypt(user.password, salt))
