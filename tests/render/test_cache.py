"""The cache: the same result as without it, and no more work than a change asks for."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from avdlab.cache import forget_old
from avdlab.inventory.load import load
from avdlab.inventory.model import Inventory
from avdlab.render import pipeline, render
from avdlab.render.builds import Build, build_key, recall, remember
from avdlab.render.cache import DeviceCache
from avdlab.render.catalogs import digest_of
from avdlab.render.files import files, write
from tests.render.edits import edited, node, of_host


@pytest.fixture
def rendered_again(
    loaded: Callable[[str], Inventory], monkeypatch: pytest.MonkeyPatch
) -> Callable[[Callable[[dict[str, Any]], None]], set[str]]:
    """Names of the devices that are rendered after an edit of our inventory."""

    def names(edit: Callable[[dict[str, Any]], None]) -> set[str]:
        found: set[str] = set()
        step = pipeline.render_device

        def watched(work: Any, *rest: Any) -> Any:
            found.add(work.name)
            return step(work, *rest)

        render(loaded("own"), documentation=False, catalogs=False)
        monkeypatch.setattr(pipeline, "render_device", watched)
        render(edited(loaded("own"), edit), documentation=False, catalogs=False)
        return found

    return names


def test_an_edit_renders_only_what_it_can_affect(
    rendered_again: Callable[[Callable[[dict[str, Any]], None]], set[str]],
):
    assert rendered_again(lambda variables: None) == set()
    alias = of_host("osl-leaf1a", custom_structured_configuration_aliases="alias z show")
    assert rendered_again(alias) == {"osl-leaf1a"}
    assert rendered_again(node("osl-access1", "raw_eos_cli", "alias y show")) == {"osl-access1"}


def test_a_renumbered_leaf_reaches_its_neighbors_and_not_the_rest(
    rendered_again: Callable[[Callable[[dict[str, Any]], None]], set[str]],
):
    found = rendered_again(node("osl-leaf2a", "id", 11))
    assert {"osl-leaf2a", "osl-leaf2b", "osl-spine1", "osl-spine2"} <= found
    assert "osl-access1" not in found or len(found) < 7


def test_an_entry_is_dropped_when_its_facts_are_others(tmp_path: Path):
    from avdlab.render.device import Made, Work

    class Facts(dict[str, Any]):
        def _as_dict(self) -> dict[str, Any]:
            return dict(self)

    work = Work("a", {"x": 1})
    cache = DeviceCache({"a": Facts(v=1), "b": Facts(v=1)}, tmp_path)
    cache.put(work, Made({}, "hostname a\n", asked=frozenset({"a", "nobody"})))
    assert cache.get(work) is not None
    assert DeviceCache({"a": Facts(v=1), "b": Facts(v=2)}, tmp_path).get(work) is not None
    assert DeviceCache({"a": Facts(v=2), "b": Facts(v=1)}, tmp_path).get(work) is None
    assert DeviceCache({"a": Facts(v=1), "nobody": Facts()}, tmp_path).get(work) is None
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    assert forget_old(tmp_path) == 0


def test_a_build_is_recalled_until_anything_changes(tmp_path: Path, repository: Path):
    import shutil

    shutil.copytree(repository / "inventory", tmp_path / "inventory")
    shutil.copy(repository / "ansible.cfg", tmp_path)
    path = tmp_path / "inventory" / "inventory.yml"
    inventory = load(path)
    rendered = render(inventory, catalogs=False)
    key = build_key(path, [])
    write(rendered, path.parent)
    remember(key, path.parent, inventory, rendered, Build([{"name": "x"}], ["a note"]), 9e12)
    assert recall(key, path.parent) == Build([{"name": "x"}], ["a note"])
    assert recall(build_key(path, ["-e x=1"]), path.parent) is None
    for change in (
        path.parent / "host_vars" / "osl-leaf1a.yml",
        path.parent / "group_vars" / "OSLO" / "more.yml",
        tmp_path / "ansible.cfg",
        path.parent / ".vault-password",
        path.parent / "intended" / "configs" / "osl-leaf1a.cfg",
    ):
        before = change.read_text() if change.exists() else None
        change.parent.mkdir(exist_ok=True)
        change.write_text((before or "") + "\n# changed\n")
        assert recall(key, path.parent) is None, change
        change.write_text(before) if before is not None else change.unlink()
        assert recall(key, path.parent) is not None, change


def test_an_inventory_that_asks_the_world_is_never_taken_as_unchanged(
    tmp_path: Path, repository: Path
):
    import shutil

    shutil.copytree(repository / "inventory", tmp_path / "inventory")
    shutil.copy(repository / "ansible.cfg", tmp_path)
    extra = tmp_path / "inventory" / "group_vars" / "OSLO" / "more.yml"
    assert load(tmp_path / "inventory/inventory.yml").consulted
    extra.write_text("_who: \"{{ lookup('env', 'USER') }}\"\n")
    assert load(tmp_path / "inventory/inventory.yml").consulted == ()
    assert files(render(load(tmp_path / "inventory/inventory.yml"), catalogs=False))


def test_catalogs_around_a_change_are_found_by_another_process():
    """A set of addresses has an order of its own in every process: it must not be in the key."""
    here, there = SimpleNamespace(targets={0, 8}), SimpleNamespace(targets={8, 0})
    assert repr(here) != repr(there)
    assert digest_of(here) == digest_of(there)
    assert digest_of(here) != digest_of(SimpleNamespace(targets={0, 9}))
