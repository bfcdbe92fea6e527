"""Sixteen switches: one bad line, one bad value, one device lost, and nobody changes."""

import json
import shutil
from dataclasses import dataclass

import pytest

from tests.acceptance.conftest import Project
from tests.acceptance.transaction.conftest import (
    Runner,
    event_of,
    running,
    set_fault,
    targets_of,
)
from tests.wide import write_inventory

pytestmark = pytest.mark.xdist_group("sixteen")  # one lab for all of them
QUIET = ("-q", "--no-test")


@dataclass(frozen=True)
class Wide:
    """The lab: what AVD renders for sixteen switches, and another text for each of them."""

    project: Project
    runner: Runner

    @property
    def folder(self):
        return self.project.folder / ".avdlab" / "wide"

    @property
    def fabric(self):
        return json.loads((self.folder / "twin" / "fabric.json").read_text())

    def running(self, *without: str):
        targets = targets_of(self.folder)
        return running([targets[name] for name in sorted(targets.keys() - set(without))])

    def deploy(self, *words: str, event=None):
        words = ("deploy", "-q", "-n", "wide", "--configs", "edited", *words)
        return self.runner.run(self.project, *words, event=event)


@pytest.fixture(scope="module")
def wide(tmp_path_factory, runner):
    """The fabric, up, from the texts that AVD renders."""
    project = Project(tmp_path_factory.mktemp("wide"))
    write_inventory(project.folder)
    for words in (("build", "-q"), ("up", "-n", "wide", "--configs", "intended/configs", *QUIET)):
        done = project.avdlab(*words)
        assert done.code == 0, done.err
    yield Wide(project, runner)
    project.avdlab("down", "-q", "-n", "wide")


@pytest.fixture
def edited(wide):
    """Texts that change every device."""
    folder = wide.project.folder / "edited"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(wide.folder / "configs", folder)
    for path in folder.iterdir():
        path.write_text(
            path.read_text().replace("\nhostname ", "\nntp server 192.0.2.9\nhostname ", 1)
        )
    return folder


def place(path, line):
    """Return the line number of a text."""
    return path.read_text().splitlines().index(line) + 1


def test_a_bad_line_in_the_middle_is_reported_and_nobody_changes(wide, edited):
    path = edited / "leaf3a.cfg"
    text = path.read_text()
    assert text.count("\n") > 600
    text = text.replace(
        "   neighbor EVPN-OVERLAY-PEERS bfd\n", "   neighbour EVPN-OVERLAY-PEERS bfd\n", 1
    )
    text = text.replace("interface Vlan110\n", "interface Vlann110\n")
    path.write_text(text)
    before = wide.running()
    done = wide.deploy("-f", "json")
    assert done.code == 5
    assert wide.running() == before
    rejected = done.data["error"]["rejected"]
    own = [line for line in rejected if line["evaluated"]]
    assert {line["device"] for line in rejected} == {"leaf3a"}
    assert [(line["line"], line["number"], line["mode"]) for line in own] == [
        ("interface Vlann110", place(path, "interface Vlann110"), []),
        (
            "neighbour EVPN-OVERLAY-PEERS bfd",
            place(path, "   neighbour EVPN-OVERLAY-PEERS bfd"),
            ["router bgp 65003"],
        ),
    ]
    assert "Invalid input (at token 1: 'Vlann110')" in own[0]["message"]
    assert "Invalid input (at token 0: 'neighbour')" in own[1]["message"]
    lost = [line["line"] for line in rejected if not line["evaluated"]]
    assert lost[0] == "description VLAN_110"


@pytest.mark.parametrize(
    ("line", "bad", "words"),
    [
        (
            "   ip address 10.81.1.5/32",
            "   ip address 10.81.4.17/32",
            "is already assigned to interface",
        ),
        ("vlan 110", "vlan 4095", "Invalid input"),
        ("router bgp 65003", "router bgp 65003\n!\nrouter bgp 65099", "BGP is already running"),
    ],
)
def test_a_bad_value_is_reported_in_eos_words_and_nobody_changes(wide, edited, line, bad, words):
    path = edited / "leaf3a.cfg"
    assert f"\n{line}\n" in path.read_text()
    path.write_text(path.read_text().replace(f"\n{line}\n", f"\n{bad}\n", 1))
    before = wide.running()
    done = wide.deploy()
    assert done.code == 5
    assert words in done.err
    assert "No device was changed." in done.err
    assert wide.running() == before


@pytest.mark.parametrize("phase", ["load", "commit"])
def test_a_device_lost_halfway_leaves_all_others_as_they_were(wide, edited, phase):
    before = wide.running()
    event = event_of(wide.fabric, phase=phase, number=8, do="lose")
    done = wide.deploy(event=event)
    assert done.code == 3, done.err
    lost = done.err.removeprefix("error: ").partition(":")[0]
    others = wide.running(lost)
    assert len(others) == 15
    assert others == {device: text for device, text in before.items() if device != lost}
    set_fault(wide.fabric, lost, None)
    assert wide.running() == before


def test_what_is_good_goes_through_once(wide, edited):
    assert "16 of 16 devices changed" in wide.deploy().out
    assert "0 of 16 devices changed" in wide.deploy().out
