"""`avdlab init` on repositories as people have them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from avdlab.cli.init import command
from avdlab.errors import InputError


def _init(*words: str) -> dict[str, object]:
    done = CliRunner().invoke(command, [*words, "-f", "json"], catch_exceptions=False)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_adopts_a_repository_and_touches_nothing_else(
    fabric_copy: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    inventory = fabric_copy("l2ls-fabric")
    before = {p: p.read_bytes() for p in inventory.parent.rglob("*") if p.is_file()}
    monkeypatch.chdir(inventory.parent)
    found = _init()
    assert found["inventory"] == str(inventory)
    assert found["fabrics"] == ["DC1_FABRIC"]
    assert found["devices"] == 6
    assert found["written"] == ["lab.yml", "avdlab_inventory.yml"]
    assert "hosts: DC1_FABRIC" in (inventory.parent / "lab.yml").read_text()
    after = {p: p.read_bytes() for p in inventory.parent.rglob("*") if p.is_file()}
    added = {p.name for p in after.keys() - before.keys()}
    assert added == {"lab.yml", "avdlab_inventory.yml"}
    assert {p: after[p] for p in before} == before


def test_a_second_run_leaves_what_is_there(
    fabric_copy: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    inventory = fabric_copy("l2ls-fabric")
    monkeypatch.chdir(inventory.parent)
    (inventory.parent / "lab.yml").write_text("mine\n")
    found = _init()
    assert found["kept"] == ["lab.yml"]
    assert (inventory.parent / "lab.yml").read_text() == "mine\n"


def test_check_writes_nothing(
    fabric_copy: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    inventory = fabric_copy("l2ls-fabric")
    monkeypatch.chdir(inventory.parent)
    _init("--check")
    assert not (inventory.parent / "lab.yml").exists()


def test_finds_an_inventory_below_this_folder(
    fabric_copy: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    inventory = fabric_copy("l2ls-fabric")
    monkeypatch.chdir(inventory.parent.parent)
    assert _init("--check")["inventory"] == str(inventory)


def test_several_inventories_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for site in ("dc1", "dc2"):
        (tmp_path / site).mkdir()
        (tmp_path / site / "inventory.yml").write_text("all:\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"dc1/inventory\.yml"):
        _init()


def test_the_vault_is_found(repository: Path) -> None:
    found = _init("--check", "-i", str(repository / "inventory"))
    assert "inventory/.vault-password" in str(found["vault"])
    assert found["fabrics"] == ["OSLO"]
