"""The rendered input is kept while its files stay as they are."""

from collections.abc import Callable
from pathlib import Path

import pytest

from avdlab.ansible.inputs import Inputs, stamp
from avdlab.ansible.request import Request
from avdlab.design import Source
from avdlab.events import Reporter


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """An inventory with group_vars and with AVD's output beside it."""
    for name in ("inventory.yml", "group_vars/FAB.yml", "intended/configs/leaf1.cfg"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x: 1\n")
    return tmp_path / "inventory.yml"


def test_an_edit_of_group_vars_changes_the_stamp(files: Path) -> None:
    before = stamp(Source(files))
    (files.parent / "group_vars" / "FAB.yml").write_text("x: 12\n")
    assert stamp(Source(files)) != before


def test_a_new_host_vars_file_changes_the_stamp(files: Path) -> None:
    before = stamp(Source(files))
    (files.parent / "host_vars").mkdir()
    (files.parent / "host_vars" / "leaf1.yml").write_text("x: 1\n")
    assert stamp(Source(files)) != before


def test_output_of_avd_does_not_change_the_stamp(files: Path) -> None:
    before = stamp(Source(files))
    (files.parent / "intended" / "configs" / "leaf1.cfg").write_text("hostname leaf1\n")
    assert stamp(Source(files)) == before


def test_extra_vars_files_count(files: Path) -> None:
    extra = files.parent.parent / f"{files.parent.name}.json"
    extra.write_text("{}")
    source = Source(files, extra_vars=(f"@{extra}",))
    before = stamp(source)
    extra.write_text('{"a": 1}')
    assert stamp(source) != before


def test_the_input_is_read_again_only_when_it_may_have_changed(
    fabric_copy: Callable[[str], Path],
) -> None:
    inventory = fabric_copy("l2ls-fabric")
    inputs = Inputs(Reporter())
    request = Request("t", "LEAF1", "lab", inventory, frozenset({"LEAF1"}))
    first = inputs.prepared(request)
    assert inputs.prepared(request) is first
    variables = inventory.parent / "group_vars" / "DC1_LEAFS.yml"
    variables.write_text(variables.read_text() + "\n# edited\n")
    assert inputs.prepared(request) is not first
    assert not (inventory.parent / "intended").exists()
