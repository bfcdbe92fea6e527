"""Where the broadcasts of a VLAN go: to the VTEPs that were configured, or that asked by EVPN."""

from collections.abc import Callable, Iterable, Iterator, Mapping

Lists = Mapping[int, tuple[int, ...]]


class FloodLists(Mapping[int, tuple[int, ...]]):
    """VLAN -> its VTEPs, in order. A list of a large fabric is long, and is made at the first
    look; `holds` asks for one VTEP without making it."""

    def __init__(self, lists: Lists | None = None, make: Callable[[], Lists] | None = None) -> None:
        self._lists: Lists = lists or {}
        self._make = make

    @property
    def made(self) -> bool:
        """Tell whether somebody has looked."""
        return self._make is None

    @property
    def vacant(self) -> bool:
        """Tell whether the lists are known to be empty, without making them."""
        return self.made and not self._lists

    def _all(self) -> Lists:
        if self._make is not None:
            make, self._make = self._make, None
            self._lists = make()
        return self._lists

    def holds(self, vlan: int, vtep: int) -> bool:
        """Tell whether a VTEP is in the list of a VLAN."""
        return vtep in self.get(vlan, ())

    def __getitem__(self, vlan: int) -> tuple[int, ...]:
        return self._all()[vlan]

    def __iter__(self) -> Iterator[int]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


class MergedFloodLists(FloodLists):
    """Several lists as one, without the VTEP that they belong to."""

    def __init__(self, parts: Iterable[FloodLists], own: int | None) -> None:
        super().__init__(make=self._merged)
        self._parts = tuple(parts)
        self._own = own

    @property
    def vacant(self) -> bool:
        return all(part.vacant for part in self._parts)

    def holds(self, vlan: int, vtep: int) -> bool:
        return vtep != self._own and any(part.holds(vlan, vtep) for part in self._parts)

    def _merged(self) -> Lists:
        found: dict[int, set[int]] = {}
        for part in self._parts:
            for vlan, vteps in part.items():
                found.setdefault(vlan, set()).update(vteps)
        return {
            vlan: tuple(sorted(v for v in vteps if v != self._own))
            for vlan, vteps in sorted(found.items())
        }
