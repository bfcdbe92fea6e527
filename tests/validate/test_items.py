"""What a user of `pytest tests/fabric` sees of a running lab."""

import json
import os
import subprocess
import sys

from avdlab.state import write_private

PEER = {"bgp_peers": [{"peer_address": "10.0.0.2"}]}
LEAF1 = {
    "anta.tests.routing.bgp": [{"VerifyBGPPeerSession": PEER}],
    "anta.tests.hardware": [{"VerifyTemperature": None}],
}
LEAF2 = {"anta.tests.mlag": [{"VerifyMlagStatus": None}]}


def test_one_item_per_device_and_test(lab_of_a_pair, repository):
    folder = lab_of_a_pair
    project = folder.path.parent.parent
    for name, catalog in (("leaf1", LEAF1), ("leaf2", LEAF2)):
        write_private(folder.catalogs / f"{name}.json", json.dumps(catalog))
    (project / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider\n")
    (project / "test_fabric.py").write_bytes(
        (repository / "tests" / "fabric" / "test_fabric.py").read_bytes()
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "pytest", "-v", "-rs", "-p", "avdlab.pytest_plugin"],
        cwd=project,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout
    assert done.returncode == 1, said + done.stderr
    assert "1 failed, 1 passed, 1 skipped" in said
    ends = [line.split("[", 1)[1] for line in said.splitlines() if "::test_fabric[" in line]
    kinds = {(end.split("-")[0], end.split("-")[1], end.split()[1]) for end in ends}
    assert kinds == {
        ("leaf1", "VerifyBGPPeerSession", "PASSED"),
        ("leaf1", "VerifyTemperature", "SKIPPED"),
        ("leaf2", "VerifyMlagStatus", "FAILED"),
    }
    assert "no-optics-power-or-fans: a virtual device" in said
    assert "MLAG is disabled" in said
    assert (folder.reports / "junit.xml").exists()
