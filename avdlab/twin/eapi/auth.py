"""Who may use a node's eAPI: the users of its running-config, by basic auth or session cookie."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from avdlab.twin.config.settings import UserSettings

REFUSED = "Unable to authenticate user: Bad username/password combination"
Secret = tuple[str, str] | None
Verify = Callable[[Secret, str], bool]


def basic_credentials(header: str | None) -> tuple[str, str] | None:
    """Return user and password of an Authorization header, or None when there are none."""
    scheme, _, encoded = (header or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
    user, colon, password = text.partition(":")
    return (user, password) if colon else None


@dataclass(slots=True)
class Verifier:
    """Checks passwords, and remembers verdicts: sha512-crypt takes milliseconds by design.

    Passwords are remembered as HMACs under a key of this process only.
    """

    verify: Verify
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _verdicts: dict[tuple[Secret, bytes], bool] = field(default_factory=dict)

    def __call__(self, secret: Secret, password: str) -> bool:
        digest = hmac.new(self._key, password.encode(), hashlib.sha256).digest()
        known = self._verdicts.get((secret, digest))
        if known is None:
            if len(self._verdicts) > 1024:
                self._verdicts.clear()
            known = self._verdicts[secret, digest] = self.verify(secret, password)
        return known

    def user(
        self, users: Mapping[str, UserSettings], name: str, password: str, *, remote_empty: bool
    ) -> UserSettings | None:
        """Return the user if the password is right.

        EOS lets users without a password in from the console only, unless `aaa authentication
        policy local allow-nopassword-remote-login` (`remote_empty`) says otherwise.
        """
        user = users.get(name)
        if user is None:
            return None
        if user.secret is None or user.secret[0] == "nopassword":
            return user if remote_empty else None
        return user if self(user.secret, password) else None


@dataclass(slots=True)
class LoginSessions:
    """The cookies of one node. A cookie dies with its user's entry in the running-config."""

    _users: dict[str, tuple[str, Secret]] = field(default_factory=dict)

    def open(self, user: UserSettings) -> str:
        """Start a session and return its cookie."""
        token = secrets.token_urlsafe(32)
        self._users[token] = (user.name, user.secret)
        return token

    def user(self, users: Mapping[str, UserSettings], token: str) -> UserSettings | None:
        """Return the session's user while the user has the same secret."""
        name, secret = self._users.get(token, ("", None))
        user = users.get(name)
        return user if user is not None and user.secret == secret else None

    def close(self, token: str) -> None:
        """End a session."""
        self._users.pop(token, None)
