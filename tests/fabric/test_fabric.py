"""The lab that is up, against the catalogs of its design: one item per device and test.

Run it after `make lab-up`: pytest tests/fabric [--avdlab-device leaf1] [-k VerifyBGP]
"""

from collections.abc import Callable


def test_fabric(fabric_test: Callable[[], None]) -> None:
    fabric_test()
