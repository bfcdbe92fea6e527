"""Where two JSON values differ: key by key, lists paired by likeness.

EOS lists next hops and paths in the order in which it heard of them, which no configuration tells,
so lists of objects are compared as sets. Each item is paired with the one on the other side that it
differs from in the fewest keys; numbers and words stay where they are.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeGuard


class Missing(Enum):
    """Stands for a key that one side did not print."""

    ABSENT = "not printed"

    def __repr__(self) -> str:
        return self.value


ABSENT = Missing.ABSENT


@dataclass(frozen=True, slots=True)
class Difference:
    """One key: its path in the entry (`[]` for list items), and both values."""

    path: str
    recorded: object
    computed: object

    def __str__(self) -> str:
        return f"{self.path}: recorded {self.recorded!r}, twin {self.computed!r}"


Leaf = tuple[str, Any, Any]  # path, recorded, computed
Wanted = Callable[[str], bool]  # path -> whether it is compared


def leaves(recorded: object, computed: object, wanted: Wanted, path: str = "") -> Iterator[Leaf]:
    """Yield every compared leaf of both sides, equal or not."""
    if not wanted(path):
        return
    if isinstance(recorded, dict) and isinstance(computed, dict):
        for key in dict.fromkeys((*recorded, *computed)):
            below = f"{path}.{key}" if path else str(key)
            one, two = recorded.get(key, ABSENT), computed.get(key, ABSENT)
            yield from leaves(one, two, wanted, below)
    elif _is_objects(recorded) and _is_objects(computed):
        for one, two in _paired(recorded, computed, wanted, f"{path}[]"):
            yield from leaves(one, two, wanted, f"{path}[]")
    elif recorded is ABSENT or computed is ABSENT:
        for below, value in flat(computed if recorded is ABSENT else recorded, path):
            if wanted(below):
                yield (below, ABSENT, value) if recorded is ABSENT else (below, value, ABSENT)
    else:
        yield path, recorded, computed


def differences(found: Iterator[Leaf]) -> tuple[int, list[Difference]]:
    """Return how many leaves there are, and those that differ."""
    count, differing = 0, []
    for path, recorded, computed in found:
        count += 1
        if recorded != computed:
            differing.append(Difference(path, recorded, computed))
    return count, differing


def _is_objects(value: object) -> TypeGuard[list[dict[str, Any]]]:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def flat(value: object, path: str) -> Iterator[tuple[str, Any]]:
    """Yield the leaves of one side, so that rules can speak of keys inside of it."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from flat(item, f"{path}.{key}" if path else str(key))
    elif _is_objects(value) and value:
        for item in value:
            yield from flat(item, f"{path}[]")
    else:
        yield path, value


def _paired(
    recorded: list[dict[str, Any]], computed: list[dict[str, Any]], wanted: Wanted, path: str
) -> Iterator[tuple[Any, Any]]:
    """Pair items: equal ones first, then those with the fewest differing keys."""
    left, right = list(recorded), list(computed)
    for allowed in (0, None):
        for one in list(left):
            costs = [_cost(one, two, wanted, path) for two in right]
            best = min(costs, default=None)
            if best is not None and (allowed is None or best <= allowed):
                yield one, right.pop(costs.index(best))
                left.remove(one)
    for one in left:
        yield one, ABSENT
    for two in right:
        yield ABSENT, two


def _cost(one: object, two: object, wanted: Wanted, path: str) -> int:
    return len(differences(leaves(one, two, wanted, path))[1])
