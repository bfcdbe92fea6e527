"""`avdlab doctor --ceos` on images that are not cEOS: it says what holds, and what they are not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

AVDLAB = Path(sys.executable).parent / "avdlab"


def doctor(image, folder):
    words = (AVDLAB, "doctor", "--ceos", image, "-f", "json")
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    findings = json.loads(done.stdout)["findings"] if done.stdout else []
    return done, {found["assumption"]: found for found in findings}


def left():
    shown = ("docker", "ps", "-aq", "--filter", "label=avdlab.trial")
    containers = subprocess.run(shown, capture_output=True, text=True, check=True).stdout
    links = subprocess.run(("ip", "-br", "link"), capture_output=True, text=True, check=True).stdout
    return containers.split() + [line for line in links.splitlines() if line.startswith("avdt")]


@pytest.fixture(autouse=True)
def _nothing_is_left(gns3_network):
    yield
    assert left() == []


def test_the_stand_in_keeps_the_contract_and_is_said_not_to_be_ceos(tmp_path):
    done, found = doctor("avdlab-standin:1", tmp_path)
    assert done.returncode == 3, done.stderr
    failed = {name for name, finding in found.items() if finding["verdict"] != "holds"}
    assert failed == {"is-ceos", "cli-beside"}, found
    assert "not cEOS: nothing below tells of cEOS" in found["is-ceos"]["found"]
    assert "MLAG is active, connected" in found["mlag"]["found"]
    assert "2 of 17 do not hold: is-ceos, cli-beside" in done.stderr


def test_an_image_that_boots_no_switch_is_told_in_its_own_words(tmp_path):
    done, found = doctor("avdlab-busybox:1", tmp_path)
    assert done.returncode == 3, done.stderr
    assert found["boots"]["verdict"] == "fails"
    assert "/sbin/init: not found" in found["boots"]["found"]
    assert {f["verdict"] for name, f in found.items() if name != "boots"} == {"untried"}
    assert "16 were not tried" in done.stderr


def test_an_image_that_is_not_there_is_told_with_the_way_to_get_it(tmp_path):
    done, found = doctor("ceos:0.0", tmp_path)
    assert (done.returncode, found) == (3, {})
    assert "Docker has no image ceos:0.0. Import it: docker import" in done.stderr
