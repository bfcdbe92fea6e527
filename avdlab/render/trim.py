"""Each host's inputs without what only concerns other hosts.

In most repositories every host reads the node lists and servers of all: 500 hosts, 500 copies of
the whole fabric to validate and to load. AVD looks up a host by its name in the node lists, and
servers by the switches that they name, so the entries of others are left out before AVD sees them.

That is done only where it can be told to be safe: not with custom Python modules or templates (they
may read anything), nor with `use_cv_topology`. Paths in AVD's messages are turned back to the full
lists, and each distinct list is validated once as a whole.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from avdlab.inventory.model import Host
from avdlab.render.customization import has_modules, has_templates

Kept = Mapping[str, tuple[int, ...]]  # host -> the entries of a list that concern it
NODE_TYPES = frozenset(
    {"spine", "l3leaf", "l2leaf", "p", "pe", "rr", "l3spine", "leaf", "l2spine", "super_spine"}
    | {"overlay_controller", "wan_router", "wan_rr"}
)
ENDPOINTS = frozenset(
    {"servers", "firewalls", "routers", "load_balancers", "storage_arrays", "cpes", "workstations"}
    | {"access_points", "phones", "printers", "cameras", "generic_devices"}
)


@dataclass(frozen=True, slots=True)
class Trimmed:
    """The inputs of a host, and where its lists stood in the full ones."""

    variables: Mapping[str, Any]
    indices: Mapping[tuple[str, ...], tuple[int, ...]]

    def original(self, path: Sequence[str]) -> list[str]:
        """Turn the path of a message back to the full lists."""
        for size in (1, 2):
            kept = self.indices.get(tuple(path[:size]))
            if kept is not None and len(path) > size and path[size].isdigit():
                place = int(path[size])
                index = kept[place] if place < len(kept) else place
                return [*path[:size], str(index), *path[size + 1 :]]
        return list(path)


@dataclass(slots=True)
class Trimmer:
    """Trims the hosts of one inventory; each distinct list is looked through once."""

    hosts: Sequence[Host]
    _names: frozenset[str] = field(init=False)
    _kept: dict[int, Kept] = field(default_factory=dict)
    _alive: list[Any] = field(default_factory=list)
    _whole: set[tuple[str, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._names = frozenset(host.name for host in self.hosts)

    def trim(self, host: Host) -> Trimmed:
        """Leave out of a host's variables what only concerns others."""
        variables = host.variables
        if not _is_safe(variables):
            return Trimmed(variables, {})
        made = dict(variables)
        indices: dict[tuple[str, ...], tuple[int, ...]] = {}
        for key in _node_keys(variables):
            if isinstance(variables.get(key), Mapping):
                made[key] = self._nodes(key, variables[key], host.name, indices)
        for key in _endpoint_keys(variables):
            if isinstance(variables.get(key), list):
                made[key] = self._list((key,), variables[key], host.name, indices, _switches)
        return Trimmed(made, indices)

    def unseen(self, host: Host) -> bool:
        """Tell whether the host has a list that no host before had: then all of it is validated."""
        keys = (*_node_keys(host.variables), *_endpoint_keys(host.variables))
        found = {(key, id(host.variables[key])) for key in keys if key in host.variables}
        self._alive += [host.variables[key] for key, _ in found - self._whole]
        new = not found <= self._whole
        self._whole |= found
        return new

    def _nodes(
        self,
        key: str,
        settings: Mapping[str, Any],
        host: str,
        indices: dict[tuple[str, ...], tuple[int, ...]],
    ) -> dict[str, Any]:
        made = dict(settings)
        for part, names in (("nodes", _name), ("node_groups", _members)):
            if isinstance(settings.get(part), list):
                made[part] = self._list((key, part), settings[part], host, indices, names)
        return made

    def _list(
        self,
        path: tuple[str, ...],
        value: list[Any],
        host: str,
        indices: dict[tuple[str, ...], tuple[int, ...]],
        names: Any,  # noqa: ANN401 - one of the three functions below
    ) -> list[Any]:
        if id(value) not in self._kept:
            self._alive.append(value)
            self._kept[id(value)] = self._look_through(value, names)
        by_host = self._kept[id(value)]
        kept = tuple(sorted({*by_host.get(host, ()), *by_host.get("", ())}))
        indices[path] = kept
        return [value[number] for number in kept]

    def _look_through(self, value: list[Any], names: Any) -> Kept:  # noqa: ANN401
        """Return which entries concern which host; "" stands for all hosts."""
        found: dict[str, list[int]] = {}
        for number, item in enumerate(value):
            named = names(item)
            # what is not written as expected, or names a host that is none, is left for AVD
            known = named is not None and named and (names is not _switches or named <= self._names)
            for name in named if known else ("",):
                found.setdefault(name, []).append(number)
        return {name: tuple(numbers) for name, numbers in found.items()}


def _is_safe(variables: Mapping[str, Any]) -> bool:
    if variables.get("use_cv_topology") or has_modules(variables):
        return False
    return not has_templates(variables)


def _node_keys(variables: Mapping[str, Any]) -> Iterator[str]:
    yield from NODE_TYPES
    for name in ("node_type_keys", "custom_node_type_keys"):
        yield from (key for key in _keys(variables.get(name)) if key not in NODE_TYPES)


def _endpoint_keys(variables: Mapping[str, Any]) -> Iterator[str]:
    yield from ENDPOINTS
    for name in ("connected_endpoints_keys", "custom_connected_endpoints_keys"):
        yield from (key for key in _keys(variables.get(name)) if key not in ENDPOINTS)


def _keys(value: Any) -> Iterable[str]:  # noqa: ANN401 - what a user wrote
    items = value if isinstance(value, list) else ()
    return [str(item["key"]) for item in items if isinstance(item, Mapping) and "key" in item]


def _name(item: Any) -> frozenset[str] | None:  # noqa: ANN401
    name = item.get("name") if isinstance(item, Mapping) else None
    return frozenset((name,)) if isinstance(name, str) else None


def _members(item: Any) -> frozenset[str] | None:  # noqa: ANN401
    nodes = item.get("nodes") if isinstance(item, Mapping) else None
    if not isinstance(nodes, list):
        return None
    names = [_name(node) for node in nodes]
    return None if None in names else frozenset(name for found in names for name in found or ())


def _switches(item: Any) -> frozenset[str] | None:  # noqa: ANN401
    adapters = item.get("adapters") if isinstance(item, Mapping) else None
    if not isinstance(adapters, list):
        return None
    found: set[str] = set()
    for adapter in adapters:
        switches = adapter.get("switches") if isinstance(adapter, Mapping) else None
        if not isinstance(switches, list) or not all(isinstance(s, str) for s in switches):
            return None
        found.update(switches)
    return frozenset(found)
