"""Users of the running-config, and who of them gets in."""

import base64

import pytest

from avdlab.twin.config.settings import UserSettings
from avdlab.twin.eapi.auth import LoginSessions, Verifier, basic_credentials

ALICE = UserSettings("alice", 15, "network-admin", ("0", "secret"))
GUEST = UserSettings("guest")
USERS = {"alice": ALICE, "guest": GUEST}


@pytest.fixture
def asked():
    return []


@pytest.fixture
def verifier(asked):
    def verify(secret, password):
        asked.append(password)
        return secret is not None and secret[1] == password

    return Verifier(verify)


def test_right_and_wrong_password(verifier):
    assert verifier.user(USERS, "alice", "secret", remote_empty=False) is ALICE
    assert verifier.user(USERS, "alice", "wrong", remote_empty=False) is None
    assert verifier.user(USERS, "bob", "secret", remote_empty=False) is None


def test_a_verdict_is_remembered_for_its_secret_only(verifier, asked):
    for _ in range(3):
        assert verifier.user(USERS, "alice", "secret", remote_empty=False)
    assert asked == ["secret"]
    changed = {"alice": UserSettings("alice", secret=("0", "other"))}
    assert verifier.user(changed, "alice", "secret", remote_empty=False) is None


def test_users_without_password_come_in_from_the_console_only(verifier):
    assert verifier.user(USERS, "guest", "", remote_empty=False) is None
    assert verifier.user(USERS, "guest", "", remote_empty=True) is GUEST


@pytest.mark.parametrize("header", [None, "", "Basic", "Basic !!!", "Bearer abc", "Basic YWJj"])
def test_no_credentials(header):
    assert basic_credentials(header) is None


def test_password_with_a_colon():
    encoded = base64.b64encode(b"alice:a:b").decode()
    assert basic_credentials(f"basic {encoded}") == ("alice", "a:b")


def test_a_cookie_dies_with_its_users_secret():
    sessions = LoginSessions()
    token = sessions.open(ALICE)
    assert sessions.user(USERS, token) is ALICE
    assert sessions.user({"alice": UserSettings("alice", secret=("0", "new"))}, token) is None
    assert sessions.user({}, token) is None
    sessions.close(token)
    assert sessions.user(USERS, token) is None
