"""A lab whose convergence takes time: the fault, what is seen before anybody has noticed, after."""

import http.client
import json
from pathlib import Path

import pytest

from tests.acceptance.conftest import Project
from tests.pair import HASH

CONFIG = """\
hostname {name}
!
username avdlab privilege 15 role network-admin secret sha512 {hash}
!
interface Ethernet1
   no switchport
   ip address 10.0.0.{n}/31
!
interface Management0
   ip address 172.16.0.{mgmt}/24
!
ip routing
!
router bgp 6500{n}
   neighbor 10.0.0.{peer} remote-as 6500{peer}
!
management api http-commands
   protocol https
   no shutdown
!
end
"""
PASSWORD = {"AVDLAB_PASSWORD": "arista"}


def skip(folder: Path, seconds: float) -> None:
    """Let time pass at once, as docs/twin.md says."""
    (fabric,) = folder.glob(".avdlab/*/twin/fabric.json")
    control = json.loads(fabric.read_text())["control"]
    connection = http.client.HTTPConnection(control["host"], control["port"], timeout=30)
    headers = {"Authorization": f"Bearer {control['token']}"}
    connection.request("POST", "/clock", json.dumps({"skip": seconds}), headers)
    assert connection.getresponse().status == 200
    connection.close()


@pytest.fixture
def slow(tmp_path: Path):
    (tmp_path / "texts").mkdir()
    for n in (0, 1):
        text = CONFIG.format(name=f"r{n}", n=n, peer=1 - n, mgmt=n + 1, hash=HASH)
        (tmp_path / "texts" / f"r{n}.cfg").write_text(text)
    project = Project(tmp_path)
    yield project
    project.avdlab("down", "-q")


def test_a_session_holds_until_its_time_is_over(slow: Project) -> None:
    done = slow.avdlab("up", "--configs", "texts", "--clock", "realistic", "--no-test", **PASSWORD)
    assert done.code == 0, done.err

    def established() -> bool:
        shown = slow.avdlab("exec", "-l", "r0", "show ip bgp summary", **PASSWORD).out
        assert "10.0.0.1" in shown
        return "Estab" in shown

    assert established()
    slow.avdlab("fault", "link", "r0:Et1", "drop", "bgp")
    assert established(), "nobody has noticed"
    assert slow.avdlab("wait", "--settled", "--timeout", "0s", **PASSWORD).code == 6
    skip(slow.folder, 180)
    done = slow.avdlab("wait", "--settled", "--timeout", "30s", **PASSWORD)
    assert done.code == 0, done.err
    assert not established()
