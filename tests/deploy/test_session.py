"""What a device says of its sessions and its configuration, in the shapes of EOS's releases."""

from avdlab.deploy.session import Seen, fingerprint

CONFIG = "hostname leaf1\n!\nend\n"


def test_up_to_4_31_the_row_tells_of_the_timer():
    rows = {"a": {"state": "pending"}, "b": {"state": "pendingCommitTimer", "commitUser": "x"}}
    assert Seen.of({"sessions": rows}) == Seen(("a",), "b", "x")


def test_from_4_32_the_timer_is_named_beside_the_table():
    answer = {"sessions": {"b": {"state": "committed"}}, "commitTimerSessionName": "b"}
    assert Seen.of(answer).timer == "b"
    assert Seen.of({"sessions": {"b": {"state": "completed"}}}) == Seen()


def test_a_fingerprint_is_of_the_configuration_without_its_header():
    header = "! Command: show running-config\n! device: leaf1 (cEOSLab, EOS-4.34.2F)\n!\n"
    assert fingerprint(header + CONFIG) == fingerprint("!\n" + CONFIG)
    assert fingerprint(CONFIG) != fingerprint(CONFIG.replace("leaf1", "leaf2"))
