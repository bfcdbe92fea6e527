"""A twin that is as strict as cEOS-lab: the overlay leaves out what it refuses, and says so."""

from pathlib import Path

import pytest

from tests.acceptance.conftest import Project
from tests.pair import HASH

CONFIG = f"""\
hostname leaf1
!
username avdlab privilege 15 role network-admin secret sha512 {HASH}
!
queue-monitor length
!
hardware tcam
   system profile vxlan-routing
!
interface Ethernet1
   description kept
   storm-control broadcast level 1
!
interface Management0
   ip address 172.16.0.1/24
!
management api http-commands
   protocol https
   no shutdown
!
end
"""


@pytest.fixture
def strict(tmp_path: Path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "leaf1.cfg").write_text(CONFIG)
    project = Project(tmp_path)
    yield project
    project.inside("down", "-q")


WORDS = ("--configs", "texts", "--strictness", "ceos")
PASSWORD = {"AVDLAB_PASSWORD": "arista"}


def test_what_ceos_refuses_is_left_out_and_reported(strict: Project) -> None:
    done = strict.avdlab("up", *WORDS, "--no-test", **PASSWORD)
    assert done.code == 0, done.err
    assert "lab overlay: 'queue-monitor' left out on leaf1 (it sets up a switch ASIC)" in done.err
    done = strict.inside("deploy", "--configs", "texts", "-f", "json", "-q", **PASSWORD)
    assert done.data["changed"] == []  # the lab stays as strict as it was made
    said = strict.inside("exec", "show running-config", **PASSWORD).out
    assert "queue-monitor" not in said
    assert "description kept" in said
    done = strict.inside("overlay", *WORDS, **PASSWORD)
    assert "    line 7: hardware tcam\n    line 8: system profile vxlan-routing\n" in done.out


def test_without_the_overlay_the_raw_rejections_are_shown(strict: Project) -> None:
    done = strict.avdlab("up", *WORDS, "--no-overlay", "--no-test", "-q", **PASSWORD)
    assert done.code == 5
    unavailable = "Unavailable command (not supported on this hardware platform)"
    assert done.err.count(unavailable) == 3
    assert f"leaf1: 'queue-monitor length' (line 5): {unavailable} (at token 0" in done.err
    assert "leaf1: 'system profile vxlan-routing'" in done.err
    assert "not evaluated, 'hardware tcam' was rejected" in done.err
