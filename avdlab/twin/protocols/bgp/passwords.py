"""TCP MD5 passwords of sessions (RFC 2385): compared in clear, each decrypted with its own key."""

Password = tuple[str, str, str]  # type, value, name of the neighbor or group that says it


def same_password(ours: Password | None, theirs: Password | None) -> bool:
    """Tell whether both ends sign with the same password; one alone never matches."""
    if ours is None or theirs is None:
        return ours is None and theirs is None
    if ours == theirs:
        return True
    return clear_password(ours) == clear_password(theirs)


def clear_password(password: Password) -> str:
    """Return the password in clear. EOS type 7 is 3DES with the key `<name>_passwd`.

    What cannot be decrypted (a value copied from another neighbor) equals nothing but itself.
    """
    kind, value, name = password
    if kind != "7":
        return value
    from pyavd_utils.passwords import cbc_decrypt  # a compiled library: loaded when a 7 is met

    try:
        return cbc_decrypt(f"{name}_passwd", value)
    except (ValueError, RuntimeError):
        return f"undecryptable {name} {value}"
