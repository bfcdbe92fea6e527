"""EOS releases as values: `4.23.0.1F` is newer than `4.9.3M`, which text comparison gets wrong."""

import re
from typing import NamedTuple

_TEXT = re.compile(r"(?:EOS-)?(\d+)\.(\d+)(?:\.(\d+))?")


class Release(NamedTuple):
    """An EOS release: `Release(4, 23, 0)`. What follows the third number does not order it."""

    train: int
    major: int
    minor: int = 0

    @classmethod
    def parse(cls, text: str) -> "Release | None":
        """Find a release in text such as `EOS-4.36.0.1F-47401373`, None where there is none."""
        found = _TEXT.search(text)
        return cls(*(int(number or 0) for number in found.groups())) if found else None

    def __str__(self) -> str:
        return f"{self.train}.{self.major}.{self.minor}"
