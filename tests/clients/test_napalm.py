"""NAPALM's eos driver, unmodified, over eAPI and over SSH (checks 20 to 26 and 37)."""

import time
from types import SimpleNamespace

import pytest

from tests.clients.conftest import lab_module

napalm = pytest.importorskip("napalm", reason="napalm is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")

GETTERS = [
    "is_alive",
    "get_facts",
    "get_interfaces",
    "get_interfaces_ip",
    "get_interfaces_counters",
    "get_lldp_neighbors",
    "get_lldp_neighbors_detail",
    "get_bgp_neighbors",
    "get_vlans",
    "get_network_instances",
    "get_config",
    "get_config_filtered",
    "get_config_sanitized",
    "get_mac_address_table",
]


def driver(host, port, transport, user="arista", password=None):
    options = {"port": int(port), "transport": transport}
    return napalm.get_network_driver("eos")(host, user, password or user, optional_args=options)


@pytest.fixture
def device(lab):
    connection = driver("127.0.0.1", lab.ports["leaf1"], "https")
    connection.open()
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def leaf(single_dc):
    """A leaf of single-dc-l3ls."""
    host, port = single_dc.nodes["dc1-leaf1a"]
    connection = driver(host, port, "https", "avdlab", single_dc.password)
    connection.open()
    yield connection
    connection.close()


@pytest.mark.parametrize("getter", GETTERS)
def test_check_20_getters_pass_napalms_own_model_tests(leaf, getter):
    from napalm.base.test.getters import BaseTestGetters

    own = getattr(BaseTestGetters, f"test_{getter}").__wrapped__
    assert own(SimpleNamespace(device=leaf), "live")


def test_check_20_ping_and_route_and_what_getters_say(leaf):
    facts = leaf.get_facts()
    assert (facts["hostname"], facts["model"]) == ("dc1-leaf1a", "cEOSLab")
    peers = leaf.get_bgp_neighbors()["global"]["peers"]
    peer = next(name for name in peers if peers[name]["remote_as"] == 65100)
    assert peers[peer]["is_up"]
    assert leaf.ping(peer)["success"]["packet_loss"] == 0
    loopback = next(iter(leaf.get_interfaces_ip()["Loopback0"]["ipv4"]))
    (route,) = leaf.get_route_to(f"{loopback}/32")[f"{loopback}/32"]
    assert (route["protocol"], route["outgoing_interface"]) == ("connected", "Loopback0")
    assert leaf.get_lldp_neighbors()["Ethernet1"][0]["hostname"].startswith("dc1-spine1")
    assert leaf.get_vlans()["11"]["name"] == "VRF10_VLAN11"
    assert "VRF10" in leaf.get_network_instances()


def test_check_21_a_full_configuration_of_avd_is_loaded_once(leaf, single_dc):
    (path,) = single_dc.folder.glob(".avdlab/*/configs/dc1-leaf1a.cfg")
    wanted = path.read_text().replace("mtu 1500", "mtu 1400")
    leaf.load_replace_candidate(config=wanted)
    assert "+   mtu 1400" in leaf.compare_config()
    leaf.commit_config()
    leaf.load_replace_candidate(config=wanted)
    assert leaf.compare_config() == ""
    leaf.discard_config()


def test_check_22_a_merge_has_the_exact_difference(device):
    device.load_merge_candidate(config="interface Ethernet5\n   description napalm\n")
    added = [line for line in device.compare_config().splitlines() if line.startswith("+")]
    assert added == ["+interface Ethernet5", "+   description napalm", "+!"]
    device.discard_config()


@pytest.mark.parametrize("replace", [True, False])
def test_check_23_a_bad_line_ends_the_session(device, pending, replace):
    load = device.load_replace_candidate if replace else device.load_merge_candidate
    error = "ReplaceConfigException" if replace else "MergeConfigException"
    with pytest.raises(getattr(napalm.base.exceptions, error), match="Invalid input"):
        load(config="interface Ethernet5\n   bogus x\n")
    assert pending() == []


def test_check_24_commit_and_rollback_restore(device, pending):
    before = device.get_config()["running"]
    device.load_merge_candidate(config="interface Ethernet5\n   description napalm\n")
    device.commit_config()
    assert "description napalm" in device.get_config()["running"]
    device.rollback()
    assert device.get_config()["running"] == before
    assert pending() == []


def test_check_25_a_commit_with_revert_is_confirmed_or_taken_back(device):
    device.load_merge_candidate(config="hostname timed")
    device.commit_config(revert_in=60)
    assert device.has_pending_commit()
    device.confirm_commit()
    assert not device.has_pending_commit()
    device.load_merge_candidate(config="hostname leaf1")
    device.commit_config(revert_in=60)
    device.rollback()
    assert device.get_facts()["hostname"] == "timed"


def test_check_25_a_commit_that_nobody_confirms_reverts_by_itself(device):
    device.load_merge_candidate(config="hostname leaf1")
    device.commit_config()
    device.load_merge_candidate(config="hostname gone")
    device.commit_config(revert_in=1)
    assert device.get_facts()["hostname"] == "gone"
    end = time.monotonic() + 10
    while device.get_facts()["hostname"] != "leaf1":
        assert time.monotonic() < end
        time.sleep(0.1)
    assert not device.has_pending_commit()
    device.config_session = None


def test_check_25_so_does_a_release_before_4_32(repository, tmp_path):
    twin = lab_module(repository).make(tmp_path / "old")
    twin.write(software="4.31.2F")
    try:
        twin.start()
        connection = driver("127.0.0.1", twin.ports["leaf1"], "https")
        connection.open()
        connection.load_merge_candidate(config="hostname timed")
        connection.commit_config(revert_in=60)
        assert connection.has_pending_commit()
        connection.confirm_commit()
        assert not connection.has_pending_commit()
        connection.close()
    finally:
        twin.stop()


def test_check_26_a_pending_session_of_another_locks(lab, device):
    lab.run("leaf1", "enable", "configure session other", "hostname x", "end")
    with pytest.raises(napalm.base.exceptions.SessionLockedException):
        device.load_merge_candidate(config="hostname y")
    lab.run("leaf1", "enable", "configure session other abort")
    device.config_session = None  # it never began


def test_check_37_the_same_over_ssh(lab, pending):
    connection = driver("127.0.0.1", lab.ssh["leaf1"], "ssh")
    connection.open()
    assert connection.get_facts()["hostname"] == "leaf1"
    connection.load_merge_candidate(config="interface Ethernet7\n   description over ssh\n")
    assert "+   description over ssh" in connection.compare_config()
    connection.commit_config()
    connection.close()
    assert "over ssh" in lab.text("leaf1", "show running-config section Ethernet7")
    assert pending() == []
