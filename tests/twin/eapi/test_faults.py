"""Faults between a client and a node: what a client sees, and what the node has done."""

import http.client

import pytest


@pytest.fixture
def fault(lab):
    """Put a fault on leaf1; it is healed afterwards."""

    def put(kind):
        return lab.control("POST", "/eapi", {"node": "leaf1", "fault": kind})

    yield put
    put(None)


def test_an_unreachable_node_refuses_connections_and_comes_back(lab, fault):
    fault("unreachable")
    with pytest.raises(ConnectionRefusedError):
        lab.run("leaf1", "show hostname")
    assert lab.run("leaf2", "show hostname")[0]["hostname"] == "leaf2"
    fault(None)
    assert lab.run("leaf1", "show hostname")[0]["hostname"] == "leaf1"


def test_a_lost_reply_is_of_commands_that_were_carried_out(lab, fault):
    fault("reply-lost")
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        lab.run("leaf1", "enable", "configure", "hostname changed")
    fault(None)
    assert lab.run("leaf1", "show hostname")[0]["hostname"] == "changed"


def test_a_silent_node_carries_nothing_out(lab, fault):
    fault("silent")
    connection = lab.connect("leaf1")
    connection.timeout = 0.3
    with pytest.raises(TimeoutError):
        lab.post(
            "leaf1",
            {
                "jsonrpc": "2.0",
                "method": "runCmds",
                "params": {"version": 1, "cmds": ["enable", "configure", "hostname x"]},
                "id": 1,
            },
            connection=connection,
        )
    connection.close()
    fault(None)
    assert lab.run("leaf1", "show hostname")[0]["hostname"] == "leaf1"


def test_a_busy_node_says_503(lab, fault):
    fault("busy")
    assert lab.post("leaf1", {})[0] == 503


def test_an_unknown_fault_or_node_is_refused(lab):
    assert (
        "fault unreachable"
        in lab.control("POST", "/eapi", {"node": "leaf1", "fault": "x"})["error"]
    )
    assert "error" in lab.control("POST", "/eapi", {"node": "leaf9", "fault": None})
