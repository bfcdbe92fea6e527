"""The control endpoint: status, cabling, power, coverage, shutdown; and what the ports then do."""

import http.client
import socket
import time

import pytest


def refused(lab, node):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", lab.ports[node])) != 0


def test_status(shared_lab):
    status = shared_lab.control("GET", "/status")
    assert status["pid"] == shared_lab.process.pid
    assert status["converged"]
    assert status["nodes"]["leaf1"]["eapi"] == "open"
    assert status["nodes"]["leaf1"]["power"] is True
    assert status["nodes"]["leaf1"]["rejected_at_boot"] == []


def test_wrong_token(shared_lab):
    connection = http.client.HTTPConnection("127.0.0.1", shared_lab.ready["control_port"])
    connection.request("GET", "/status", headers={"Authorization": "Bearer no"})
    reply = connection.getresponse()
    assert reply.status == 401
    assert b"error" in reply.read()
    connection.close()


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("/link", {"a": "leaf1:Ethernet9", "b": "leaf2:Ethernet1", "up": False}, "no link"),
        ("/link", {"a": "leaf1"}, "a link is"),
        ("/node", {"node": "leaf9", "power": True}, "no node leaf9"),
        ("/trace", {}, "pairs is a list"),
        ("/trace", {"pairs": [["h1"]]}, "an end is"),
        ("/evidence", {"commands": "show version"}, "commands is a list"),
        ("/trace", {"pairs": [[["h1"], ["h2", "eth1", None]]]}, "an end is"),
    ],
)
def test_bad_requests_are_explained(shared_lab, path, body, words):
    assert words in shared_lab.control("POST", path, body)["error"]


def test_a_trace_of_what_is_not_there(shared_lab):
    pairs = [[["h1", "eth1", None], ["h2", "eth1", 10]]]
    found = shared_lab.control("POST", "/trace", {"pairs": pairs})["traces"]
    assert found == [{"reached": False, "hops": [], "stops": [["h1", "h1 is not there"]]}]


def test_evidence(shared_lab):
    asked = {"commands": ["show version", "show nonsense"]}
    found = shared_lab.control("POST", "/evidence", asked)["commands"]
    assert found["show version"]["level"] == "F1"
    assert found["show nonsense"]["known"] is False


def test_coverage(shared_lab):
    shared_lab.call("leaf1", "show nonsense")
    shared_lab.run("leaf1", "show version")
    coverage = shared_lab.control("GET", "/coverage")
    assert coverage["nodes"]["leaf1"]["modelled"] > 5
    assert coverage["nodes"]["leaf1"]["rejected"] == 0
    assert coverage["nodes"]["leaf1"]["notes"] == []
    assert coverage["commands"]["unanswered"]["show nonsense"] >= 1
    assert coverage["commands"]["answered"]["show version"]["level"] == "F1"


def test_cut_link_loses_carrier_and_heals(own_lab):
    lab = own_lab
    ends = {"a": "leaf2:Et1", "b": "leaf1:Ethernet1"}

    def port():
        shown = lab.run("leaf1", "show interfaces description")[0]
        return shown["interfaceDescriptions"]["Ethernet1"]["lineProtocolStatus"]

    assert port() == "up"
    before = lab.control("GET", "/status")["generation"]
    done = lab.control("POST", "/link", ends | {"up": False})
    assert done["converged"]
    assert done["generation"] == lab.control("GET", "/status")["generation"] > before
    assert port() == "down"
    lab.stop()
    lab.start()
    assert port() == "down", "a fault outlives the process"
    lab.control("POST", "/link", ends | {"up": True})
    assert port() == "up"


def test_power(lab):
    lab.run("leaf2", "configure", "hostname unsaved")
    lab.control("POST", "/node", {"node": "leaf2", "power": False})
    assert refused(lab, "leaf2")
    status = lab.control("GET", "/status")["nodes"]["leaf2"]
    assert status["power"] is False
    assert status["eapi"] == "closed: the node is powered off"
    lab.control("POST", "/node", {"node": "leaf2", "power": True})
    assert lab.run("leaf2", "show hostname")[0]["hostname"] == "leaf2"


def test_lock_out_is_honest_and_the_last_reply_arrives(own_lab):
    lab = own_lab
    lab.run("leaf1", "configure", "management api http-commands", "shutdown")
    assert refused(lab, "leaf1")
    assert "shut down" in lab.control("GET", "/status")["nodes"]["leaf1"]["eapi"]
    assert not refused(lab, "leaf2")


def test_commit_timer_gives_the_way_back_in(own_lab):
    lab = own_lab
    lab.run(
        "leaf1",
        "configure session s1",
        "interface Management0",
        "shutdown",
        "configure session s1 commit timer 00:00:01",
    )
    assert refused(lab, "leaf1")
    deadline = time.monotonic() + 5
    while lab.control("GET", "/status")["nodes"]["leaf1"]["eapi"] != "open":
        assert time.monotonic() < deadline, "the timer did not run out"
    assert lab.run("leaf1", "show hostname")


def test_fabric_changes_in_place(own_lab):
    lab = own_lab
    pid = lab.control("GET", "/status")["pid"]
    description = lab.describe()
    leaf2 = description["nodes"].pop("leaf2")
    description["links"] = []
    lab.control("PUT", "/fabric", description)
    assert refused(lab, "leaf2")
    description = lab.describe()
    description["nodes"]["leaf2"] = leaf2
    answer = lab.control("PUT", "/fabric", description)
    assert answer["pid"] == pid
    assert lab.run("leaf2", "show hostname")


def test_bad_description_changes_nothing(lab):
    assert "schema_version" in lab.control("PUT", "/fabric", {"nodes": {}})["error"]
    assert lab.run("leaf1", "show hostname")


def test_shutdown(own_lab):
    lab = own_lab
    assert lab.control("POST", "/shutdown") == {"stopping": True}
    assert lab.process.wait(10) == 0
    lab.process = None
    assert refused(lab, "leaf1")


# ------------------------------------------------------------------------------ time
def bgp(lab, node="leaf1"):
    peers = lab.run(node, "show ip bgp summary")[0]["vrfs"]["default"]["peers"]
    return [peer["peerState"] for peer in peers.values()]


def test_on_the_instant_clock_everything_is_settled(shared_lab):
    found = shared_lab.control("GET", "/settled?generation=1&timeout=0")
    assert (found["settled"], found["next_event"]) == (True, None)
    assert shared_lab.control("GET", "/settled?generation=99999&timeout=0")["settled"] is False


@pytest.mark.parametrize("skip", [-1, "soon", None, 1e12])
def test_only_a_time_can_be_skipped(shared_lab, skip):
    assert "skip is a number" in shared_lab.control("POST", "/clock", {"skip": skip})["error"]


def test_the_realistic_clock(stopped_lab):
    lab = stopped_lab
    lab.write(clock="realistic")
    lab.start()
    ends = {"a": "leaf1:Ethernet1", "b": "leaf2:Ethernet1"}
    assert bgp(lab) == ["Established"]
    done = lab.control("POST", "/link", ends | {"up": True, "drop": ["bgp"]})
    assert (done["settled"], bgp(lab)) == (False, ["Established"])
    assert lab.control("GET", "/status")["next_event"] == done["next_event"]
    assert (
        lab.control("GET", f"/settled?generation={done['generation']}&timeout=0.1")["settled"]
        is False
    )
    assert lab.control("POST", "/clock", {"skip": 180})["settled"]
    assert bgp(lab) == ["Active"]
    done = lab.control("POST", "/link", ends | {"up": True})
    assert bgp(lab) == ["Connect"]
    now = lab.control("POST", "/clock", {"skip": 0})["now"]
    lab.control("POST", "/clock", {"skip": max(done["next_event"] - now - 0.2, 0)})
    found = lab.control("GET", f"/settled?generation={done['generation'] + 1}&timeout=8")
    assert found["settled"]
    assert found["generation"] > done["generation"]
    assert bgp(lab) == bgp(lab, "leaf2") == ["Established"]
