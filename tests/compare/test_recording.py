"""Reading a recording's folder."""

import json
from pathlib import Path

import pytest

from avdlab.compare.recording import Recording, command_of, file_name
from avdlab.errors import InputError
from avdlab.net.release import Release

EOS = "! Command: show running-config\n! device: r1 (vEOS, EOS-4.21.1.1F)\n!\n"


def lab(folder: Path, configs: dict[str, str]) -> Path:
    for device, text in configs.items():
        path = folder / "configs" / device / "show_running-config.txt"
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return folder


@pytest.mark.parametrize("command", ["show ip route vrf all", "show interface vxlan1"])
def test_commands_survive_as_file_names(command: str):
    assert command_of(file_name(command, as_json=True)) == (command, True)
    assert command_of(file_name(command, as_json=False)) == (command, False)


def test_other_vendors_stand_apart(tmp_path: Path):
    folder = lab(tmp_path, {"r1": EOS, "j1": "set system host-name j1\n"})
    assert Recording.open(folder).foreign == {"j1": ""}
    (folder / "show").mkdir()
    (folder / "show/host_nos.txt").write_text(json.dumps({"r1": "arista", "j1": "juniper"}))
    found = Recording.open(folder)
    assert list(found.devices) == ["r1"]
    assert found.foreign == {"j1": "juniper"}


def test_release_and_model_come_from_the_header_where_no_version_was_recorded(tmp_path: Path):
    device = Recording.open(lab(tmp_path, {"r1": EOS})).devices["r1"]
    assert device.release == Release(4, 21, 1)
    assert device.model == "vEOS"
    assert device.system_mac is None


def test_version_output_wins_over_the_header(tmp_path: Path):
    folder = lab(tmp_path, {"r1": EOS})
    (folder / "show/r1").mkdir(parents=True)
    facts = {"version": "4.36.0.1F-4740", "modelName": "cEOSLab", "systemMacAddress": "00:1c:73:1"}
    (folder / "show/r1/show_version_|_json.txt").write_text(json.dumps(facts))
    device = Recording.open(folder).devices["r1"]
    assert (device.release, device.model) == (Release(4, 36), "cEOSLab")
    assert device.system_mac == "00:1c:73:1"


def test_an_error_in_place_of_json_is_an_error(tmp_path: Path):
    folder = lab(tmp_path, {"r1": EOS})
    (folder / "show/r1").mkdir(parents=True)
    (folder / "show/r1/show_interface_vxlan1_|_json.txt").write_text("% Interface does not exist")
    found = Recording.open(folder).devices["r1"].output("show interface vxlan1")
    assert found is not None
    assert found.data == {"errors": ["Interface does not exist"]}


def test_a_folder_without_configurations_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match="is no recording"):
        Recording.open(tmp_path)


def test_unreadable_cabling_is_refused(tmp_path: Path):
    folder = lab(tmp_path, {"r1": EOS})
    assert Recording.open(folder).cabling() is None
    (folder / "layer1_topology.json").write_text("{")
    with pytest.raises(InputError, match="layer1_topology"):
        Recording.open(folder).cabling()
