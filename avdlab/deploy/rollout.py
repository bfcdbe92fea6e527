"""A rollout: the devices in batches, one transaction each. Pure.

`serial` is a number of devices (`4`) or a part of all of them (`25%`). Spines carry everybody's
traffic: they come last, one by one.
"""

import math
from collections.abc import Collection, Iterable

from avdlab.errors import InputError

Batches = tuple[tuple[str, ...], ...]


def batch_size(serial: str, total: int) -> int:
    """Read the size of a batch. Raises InputError."""
    number, percent = (serial[:-1], True) if serial.endswith("%") else (serial, False)
    if not number.isascii() or not number.isdigit() or int(number) < 1 or (percent and total < 1):
        raise InputError(f"'{serial}' is no size of a batch", hint="Write 4 or 25%.")
    if percent and int(number) > 100:
        raise InputError(f"'{serial}' is more than all devices", hint="Write 25%.")
    return max(1, math.floor(total * int(number) / 100)) if percent else int(number)


def batches(devices: Iterable[str], spines: Collection[str], serial: str) -> Batches:
    """Divide the devices. Raises InputError for a size that is none."""
    chosen = sorted(devices)
    size = batch_size(serial, len(chosen))
    others = [device for device in chosen if device not in spines]
    parts = [tuple(others[at : at + size]) for at in range(0, len(others), size)]
    return (*parts, *((device,) for device in chosen if device in spines))
