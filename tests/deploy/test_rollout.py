"""The batches of a rollout."""

import pytest

from avdlab.deploy.rollout import batches
from avdlab.errors import InputError

LEAVES = tuple(f"leaf{number}" for number in range(1, 7))
SPINES = ("spine1", "spine2")


@pytest.mark.parametrize(
    ("serial", "sizes"),
    [("25%", [2, 2, 2, 1, 1]), ("4", [4, 2, 1, 1]), ("100%", [6, 1, 1]), ("1%", [1] * 8)],
)
def test_leaves_in_batches_then_spines_one_by_one(serial, sizes):
    made = batches((*SPINES, *LEAVES), SPINES, serial)
    assert [len(batch) for batch in made] == sizes
    assert [device for batch in made for device in batch] == [*LEAVES, *SPINES]


@pytest.mark.parametrize("serial", ["0", "-1", "x", "%", "200%", "1.5", ""])
def test_what_is_no_size_is_refused(serial):
    with pytest.raises(InputError):
        batches(LEAVES, (), serial)
