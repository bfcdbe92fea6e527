"""Passwords of local users: `secret sha512|0 ...` and `nopassword`."""

import hmac


def verify(secret: tuple[str, str] | None, password: str) -> bool:
    """Tell whether the password fits a user's (kind, value); None stands for no such user.

    Kinds: `nopassword`, `0` (cleartext), `sha512` (crypt, `$6$salt$digest`). Others, such as MD5
    (`5`), are not verified and refuse.
    """
    if secret is None:
        return False
    kind, value = secret
    if kind == "nopassword":
        return True
    if kind == "0":
        return _same(password, value)
    if kind == "sha512":
        return _same(_sha512_crypt(password, value), value)
    return False


def _sha512_crypt(password: str, value: str) -> str:
    from pyavd_utils.passwords import sha512_crypt

    parts = value.split("$")
    if len(parts) < 4 or parts[1] != "6":
        return ""
    try:
        return str(sha512_crypt(password, "$".join(parts[2:-1])))
    except (ValueError, RuntimeError):
        return ""


def _same(left: str, right: str) -> bool:
    return bool(right) and hmac.compare_digest(left.encode(), right.encode())
