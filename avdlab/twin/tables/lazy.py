"""Sequences and mappings made when somebody looks: most of a large fabric is never shown."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar, overload

Item_co = TypeVar("Item_co", covariant=True)
Key = TypeVar("Key")
Value_co = TypeVar("Value_co", covariant=True)


class LazySequence(Sequence[Item_co], Generic[Item_co]):
    """A tuple that is made on the first look, once."""

    __slots__ = ("_found", "_make")

    def __init__(self, make: Callable[[], Iterable[Item_co]]) -> None:
        self._make: Callable[[], Iterable[Item_co]] | None = make
        self._found: tuple[Item_co, ...] = ()

    def _items(self) -> tuple[Item_co, ...]:
        if self._make is not None:
            make, self._make = self._make, None
            self._found = tuple(make())
        return self._found

    @overload
    def __getitem__(self, index: int) -> Item_co: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Item_co]: ...

    def __getitem__(self, index: int | slice) -> Item_co | Sequence[Item_co]:
        return self._items()[index]

    def __len__(self) -> int:
        return len(self._items())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._items() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._items())

    def __repr__(self) -> str:
        return repr(self._items())


class LazyMapping(Mapping[Key, Value_co], Generic[Key, Value_co]):
    """A dict that is made on the first look, once."""

    __slots__ = ("_found", "_make")

    def __init__(self, make: Callable[[], Mapping[Key, Value_co]]) -> None:
        self._make: Callable[[], Mapping[Key, Value_co]] | None = make
        self._found: Mapping[Key, Value_co] = {}

    def _items(self) -> Mapping[Key, Value_co]:
        if self._make is not None:
            make, self._make = self._make, None
            self._found = make()
        return self._found

    def __getitem__(self, key: Key) -> Value_co:
        return self._items()[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._items())

    def __len__(self) -> int:
        return len(self._items())

    def __repr__(self) -> str:
        return repr(dict(self._items()))
