"""`avdlab doctor --ceos` on images that are not cEOS: it says what holds, and what they are not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

AVDLAB = Path(sys.executable).parent / "avdlab"


def doctor(image, folder):
    words = (AVDLAB, "doctor", "--ceos", image, "-f", "json")
    pipe = subprocess.PIPE
    with subprocess.Popen(words, cwd=folder, stdout=pipe, stderr=pipe, text=True) as process:
        out, said = process.communicate()
    assert left(process.pid) == []
    findings = json.loads(out)["findings"] if out else []
    assert process.returncode == 3, said
    return said, {found["assumption"]: found for found in findings}


def left(pid):
    """Return what the doctor with this process id made and did not remove."""
    shown = ("docker", "ps", "-aq", "--filter", f"label=avdlab.trial={pid}")
    containers = subprocess.run(shown, capture_output=True, text=True, check=True).stdout
    links = subprocess.run(("ip", "-br", "link"), capture_output=True, text=True, check=True).stdout
    return containers.split() + [line for line in links.splitlines() if line.startswith("avdt")]


pytestmark = pytest.mark.usefixtures("gns3_network")


def test_the_stand_in_keeps_the_contract_and_is_said_not_to_be_ceos(tmp_path):
    said, found = doctor("avdlab-standin:1", tmp_path)
    failed = {name for name, finding in found.items() if finding["verdict"] != "holds"}
    assert failed == {"is-ceos", "cli-beside"}, found
    assert "not cEOS: nothing below tells of cEOS" in found["is-ceos"]["found"]
    assert "MLAG is active, connected" in found["mlag"]["found"]
    assert "2 of 17 do not hold: is-ceos, cli-beside" in said


def test_an_image_that_boots_no_switch_is_told_in_its_own_words(tmp_path):
    said, found = doctor("avdlab-busybox:1", tmp_path)
    assert found["boots"]["verdict"] == "fails"
    assert "/sbin/init: not found" in found["boots"]["found"]
    assert {f["verdict"] for name, f in found.items() if name != "boots"} == {"untried"}
    assert "16 were not tried" in said


def test_an_image_that_is_not_there_is_told_with_the_way_to_get_it(tmp_path):
    said, found = doctor("ceos:0.0", tmp_path)
    assert found == {}
    assert "Docker has no image ceos:0.0. Import it: docker import" in said
