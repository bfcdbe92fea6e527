"""The lab user as a device stores it."""

import hashlib

from avdlab.overlay.model import LabUser

_SALT_CHARACTERS = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def sha512_secret(user: LabUser) -> str:
    """Return the SHA-512 crypt hash of the password; the same user gives the same text always.

    The salt comes from the name, never from the password: it stands in clear in the hash.
    """
    from pyavd_utils.passwords import sha512_crypt

    digest = hashlib.sha256(f"avdlab lab user {user.name}".encode()).digest()
    salt = "".join(_SALT_CHARACTERS[byte % 64] for byte in digest[:16])
    return str(sha512_crypt(user.password, salt))
