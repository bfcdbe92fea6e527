"""NAPALM's eos driver, unmodified, over eAPI and over SSH (checks 20 to 26 and 37)."""

import typing

import pytest

napalm = pytest.importorskip("napalm", reason="napalm is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")

GETTERS = {
    "get_facts": "FactsDict",
    "get_interfaces": "InterfaceDict",
    "get_interfaces_ip": "InterfacesIPDict",
    "get_lldp_neighbors": "LLDPNeighborDict",
    "get_lldp_neighbors_detail": "LLDPNeighborDetailDict",
    "get_bgp_neighbors": "BGPStateNeighborsPerVRFDict",
    "get_vlans": None,
    "get_network_instances": None,
    "get_config": "ConfigDict",
    "get_mac_address_table": "MACAdressTable",
    "get_interfaces_counters": "InterfaceCounterDict",
}


def driver(lab, port, transport):
    options = {"port": port, "transport": transport}
    return napalm.get_network_driver("eos")("127.0.0.1", "arista", "arista", optional_args=options)


@pytest.fixture
def device(lab):
    connection = driver(lab, lab.ports["leaf1"], "https")
    connection.open()
    yield connection
    connection.close()


@pytest.mark.parametrize("getter", GETTERS)
def test_getters_answer_as_napalm_models_them(device, getter):
    from napalm.base import models

    answer = getattr(device, getter)()
    model = getattr(models, GETTERS[getter] or "", None)
    if model is None:
        assert answer
        return
    hints = typing.get_type_hints(model)
    rows = [answer] if answer and set(answer) == set(hints) else _leaves(answer)
    for row in rows:
        assert set(row) == set(hints), getter


def _leaves(answer):
    """Return the rows of an answer that is keyed by interface, or lists rows."""
    values = answer.values() if isinstance(answer, dict) else answer
    rows = []
    for value in values:
        rows += value if isinstance(value, list) else [value]
    return [row for row in rows if isinstance(row, dict) and "ipv4" not in row]


def test_bgp_neighbors_are_up(device):
    peers = device.get_bgp_neighbors()["global"]["peers"]
    assert peers["10.0.0.1"]["is_up"]
    assert peers["10.0.0.1"]["remote_as"] == 65001


def test_ping_and_route(device):
    assert device.ping("10.0.0.1")["success"]["packet_loss"] == 0
    route = device.get_route_to("192.0.2.1/32")["192.0.2.1/32"][0]
    assert (route["protocol"], route["outgoing_interface"]) == ("connected", "Loopback0")


def test_replace_by_itself_changes_nothing(device):
    device.load_replace_candidate(config=device.get_config()["running"])
    assert device.compare_config() == ""
    device.discard_config()


def test_merge_compare_commit_rollback(device, pending):
    device.load_merge_candidate(config="interface Ethernet5\n   description napalm\n")
    added = [line for line in device.compare_config().splitlines() if line.startswith("+")]
    assert added == ["+interface Ethernet5", "+   description napalm", "+!"]
    device.commit_config()
    assert "description napalm" in device.get_config()["running"]
    device.rollback()
    assert "description napalm" not in device.get_config()["running"]
    assert pending() == []


@pytest.mark.parametrize("replace", [True, False])
def test_bad_line_ends_the_session(device, pending, replace):
    load = device.load_replace_candidate if replace else device.load_merge_candidate
    error = "ReplaceConfigException" if replace else "MergeConfigException"
    with pytest.raises(getattr(napalm.base.exceptions, error), match="Invalid input"):
        load(config="interface Ethernet5\n   bogus x\n")
    assert pending() == []


def test_commit_confirmed_and_reverted(device):
    device.load_merge_candidate(config="hostname timed")
    device.commit_config(revert_in=60)
    assert device.has_pending_commit()
    device.confirm_commit()
    assert not device.has_pending_commit()
    device.load_merge_candidate(config="hostname leaf1")
    device.commit_config(revert_in=60)
    device.rollback()
    assert device.get_facts()["hostname"] == "timed"
    device.load_merge_candidate(config="hostname leaf1")
    device.commit_config()


def test_another_session_locks(lab):
    lab.run("leaf1", "enable", "configure session other", "hostname x", "end")
    connection = driver(lab, lab.ports["leaf1"], "https")
    connection.open()
    with pytest.raises(napalm.base.exceptions.SessionLockedException):
        connection.load_merge_candidate(config="hostname y")
    lab.run("leaf1", "enable", "configure session other abort")


def test_over_ssh(lab, pending):
    connection = driver(lab, lab.ssh["leaf1"], "ssh")
    connection.open()
    assert connection.get_facts()["hostname"] == "leaf1"
    connection.load_merge_candidate(config="interface Ethernet7\n   description over ssh\n")
    assert "+   description over ssh" in connection.compare_config()
    connection.commit_config()
    connection.close()
    assert "over ssh" in lab.text("leaf1", "show running-config section Ethernet7")
    assert pending() == []
