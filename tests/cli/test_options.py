"""How the command line finds its inventory and reads durations."""

from pathlib import Path

import pytest

from avdlab.cli.options import place, seconds
from avdlab.errors import InputError


@pytest.mark.parametrize(
    ("text", "value"), [("90", 90.0), ("90s", 90.0), ("5m", 300.0), ("1h", 3600.0), ("0.5s", 0.5)]
)
def test_durations(text: str, value: float) -> None:
    assert seconds(text) == value


@pytest.mark.parametrize("text", ["", "soon", "-5s", "5d"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is no duration"):
        seconds(text)


def test_missing_inventory_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.yml does not exist"):
        place(tmp_path / "nowhere.yml")
