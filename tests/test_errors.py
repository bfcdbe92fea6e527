"""What errors say."""

from avdlab.errors import NotReadyError


def test_a_reason_that_many_devices_share_is_said_once():
    reasons = {f"leaf{number}": "eAPI is closed" for number in range(10)}
    late = NotReadyError({**reasons, "spine1": "login refused"}, 9.0)
    assert str(late) == (
        "not ready after 9 s: leaf0, leaf1, leaf2, leaf3, leaf4, leaf5 and 4 more: eAPI is closed; "
        "spine1: login refused"
    )
    assert len(late.reasons) == 11


def test_one_line_names_so_many_reasons_only():
    late = NotReadyError({f"leaf{number}": f"port {number} refuses" for number in range(10)}, 9.0)
    assert str(late).endswith("leaf5: port 5 refuses and 4 more")
