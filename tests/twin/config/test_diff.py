"""Diffs as EOS prints them."""

from avdlab.twin.config.diff import session_diff, startup_diff
from avdlab.twin.config.loader import load


def test_equal_configs_have_no_diff(leaf):
    config = load(leaf).config
    assert session_diff(config, config, "s1") == ""


def test_a_session_is_compared_with_running(leaf):
    running = load(leaf).config
    candidate = load("interface Ethernet1\n   mtu 9000\n", running).config
    assert session_diff(running, candidate, "s1") == (
        "--- system:/running-config\n"
        "+++ session:/s1-session-config\n"
        "@@ -27,6 +27,7 @@\n"
        " !\n"
        " interface Ethernet1\n"
        "    description to spine1\n"
        "+   mtu 9000\n"
        "    no switchport\n"
        "    ip address 10.0.0.1/31\n"
        " !\n"
    )


def test_running_is_compared_with_startup():
    text = startup_diff(load("hostname a\n").config, load("hostname b\n").config)
    assert text.startswith("--- flash:/startup-config\n+++ system:/running-config\n@@ ")
    assert "-hostname a\n+hostname b\n" in text
