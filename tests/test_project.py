"""Which inventory is meant, and where its labs lie."""

from pathlib import Path

import pytest

from avdlab import state
from avdlab.project import find_inventory, project_here, project_of
from avdlab.state import LabFolder, LabState


def _lab(project: Path) -> None:
    folder = LabFolder(project / state.FOLDER / "dc1")
    folder.create()
    folder.save(LabState("dc1", "twin"))


def test_inventory_of_ansible_cfg_comes_first(tmp_path: Path) -> None:
    (tmp_path / "inventory.yml").touch()
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "dc1.yml").touch()
    assert find_inventory(tmp_path) == tmp_path / "inventory.yml"
    (tmp_path / "ansible.cfg").write_text("[defaults]\ninventory = sites/dc1.yml\n")
    assert find_inventory(tmp_path) == tmp_path / "sites" / "dc1.yml"


def test_folder_without_an_inventory_has_none(tmp_path: Path) -> None:
    assert find_inventory(tmp_path) is None


def test_project_is_where_ansible_cfg_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "inventory").mkdir()
    inventory = tmp_path / "inventory" / "inventory.yml"
    inventory.touch()
    assert project_of(inventory) == tmp_path / "inventory"
    (tmp_path / "ansible.cfg").touch()
    assert project_of(inventory) == tmp_path
    monkeypatch.chdir(tmp_path / "inventory")
    assert project_of(Path("inventory.yml")) == tmp_path


def test_read_only_inventory_puts_labs_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "read-only"
    source.mkdir()
    (source / "inventory.yml").touch()
    source.chmod(0o555)
    monkeypatch.chdir(tmp_path)
    assert project_of(source / "inventory.yml") == tmp_path


def test_labs_are_found_from_the_folders_below(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = tmp_path / "inventory" / "group_vars"
    below.mkdir(parents=True)
    _lab(tmp_path)
    for folder in (tmp_path, below.parent, below):
        monkeypatch.chdir(folder)
        assert project_here() == tmp_path


def test_labs_are_found_where_ansible_cfg_points_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("tools", "dc1"):
        (tmp_path / name).mkdir()
    (tmp_path / "dc1" / "inventory.yml").touch()
    (tmp_path / "tools" / "ansible.cfg").write_text(
        "[defaults]\ninventory = ../dc1/inventory.yml\n"
    )
    monkeypatch.chdir(tmp_path / "tools")
    assert project_here() == tmp_path / "dc1"
