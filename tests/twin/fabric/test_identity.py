"""Identities of devices."""

from avdlab.twin.fabric.identity import identity


def test_identities_are_deterministic_and_differ() -> None:
    assert identity("lab", "leaf1") == identity("lab", "leaf1")
    found = {(i.serial, i.system_mac) for i in (identity(f, n) for f in "xy" for n in "ab")}
    assert len(found) == 4


def test_macs_are_universal_and_unicast_and_serials_say_twin() -> None:
    for number in range(200):
        found = identity("lab", f"leaf{number}")
        assert int(found.system_mac[:2], 16) & 0b11 == 0
        assert found.serial.startswith("TWIN")
