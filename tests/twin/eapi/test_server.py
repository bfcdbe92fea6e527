"""eAPI over HTTP: transport, credentials, and the shape of every answer."""

import base64
import json
import re

import pytest


def test_show_version(shared_lab):
    answer = shared_lab.run("leaf1", "show version")[0]
    assert answer["modelName"] == "cEOSLab"
    assert re.match(r"\d+\.\d+\.\d+", answer["version"])


def test_nodes_answer_for_themselves(shared_lab):
    names = [shared_lab.run(node, "show hostname")[0]["hostname"] for node in ("leaf1", "leaf2")]
    assert names == ["leaf1", "leaf2"]


def test_id_is_echoed(shared_lab):
    body = {"jsonrpc": "2.0", "method": "runCmds", "params": {"version": 1, "cmds": []}, "id": None}
    assert shared_lab.post("leaf1", body) == (200, {"jsonrpc": "2.0", "id": None, "result": []})


def test_json_rpc_batch(shared_lab):
    one = {"jsonrpc": "2.0", "method": "runCmds", "params": {"version": 1, "cmds": []}, "id": 1}
    status, answers = shared_lab.post("leaf1", [one, one | {"id": 2}, one | {"method": "x"}])
    assert status == 200
    assert [answer["id"] for answer in answers] == [1, 2, 1]
    assert answers[2]["error"]["code"] == -32601


def test_not_json(shared_lab):
    assert shared_lab.post("leaf1", "{")[1]["error"]["code"] == -32700


def test_unknown_command_stops_the_request(shared_lab):
    reply = shared_lab.call("leaf1", "show version", "show nonsense", "show hostname")
    assert reply["error"]["code"] == 1002
    assert reply["error"]["message"] == (
        "CLI command 2 of 3 'show nonsense' failed: invalid command"
    )
    assert len(reply["error"]["data"]) == 2
    assert reply["error"]["data"][1]["errors"] == ["Invalid input (at token 1: 'nonsense')"]


def test_stop_on_error_false_runs_the_rest(shared_lab):
    reply = shared_lab.call("leaf1", "show nonsense", "show hostname", stopOnError=False)
    assert reply["error"]["data"][1]["hostname"] == "leaf1"


def test_text_format(shared_lab):
    assert "Arista cEOSLab" in shared_lab.text("leaf1", "show version")
    assert shared_lab.text("leaf1", "show agent logs crash") == ""


def test_unconverted_command(shared_lab):
    reply = shared_lab.call("leaf1", "show running-config diffs")
    assert reply["error"]["code"] == 1003


def test_timestamps(shared_lab):
    assert "execDuration" in shared_lab.run("leaf1", "show hostname", timestamps=True)[0]["_meta"]


def test_abbreviations_only_with_auto_complete(shared_lab):
    assert shared_lab.call("leaf1", "sh ver")["error"]["code"] == 1002
    assert shared_lab.run("leaf1", "sh ver", autoComplete=True)[0]["modelName"] == "cEOSLab"


def test_spaces_and_pipes(shared_lab):
    assert shared_lab.run("leaf1", "show  version | json ")[0]["modelName"] == "cEOSLab"
    text = shared_lab.text("leaf1", "show running-config | section ^router bgp")
    assert text.splitlines()[0] == "router bgp 65000"
    assert "hostname" not in text


def test_running_config_as_json(shared_lab):
    shown = shared_lab.run("leaf1", "show running-config")[0]
    assert "neighbor 10.0.0.1 remote-as 65001" in shown["cmds"]["router bgp 65000"]["cmds"]


@pytest.mark.parametrize("password", ["wrong", "", "arista2"])
def test_wrong_password(shared_lab, password):
    status, text = shared_lab.post("leaf1", "{}", password=password)
    assert status == 401
    assert text == "Unable to authenticate user: Bad username/password combination"


def test_no_credentials(shared_lab):
    connection = shared_lab.connect("leaf1")
    connection.request("HEAD", "/command-api")
    reply = connection.getresponse()
    assert reply.status == 401
    assert reply.headers["WWW-Authenticate"].startswith("Basic")
    connection.close()


def test_head_and_keep_alive(shared_lab):
    secret = base64.b64encode(b"arista:arista").decode()
    connection = shared_lab.connect("leaf1")
    for _ in range(3):
        connection.request("HEAD", "/command-api", headers={"Authorization": f"Basic {secret}"})
        reply = connection.getresponse()
        reply.read()
        assert reply.status == 200
        assert not reply.will_close
    connection.close()


def test_session_login_and_logout(shared_lab):
    connection = shared_lab.connect("leaf1")
    connection.request("POST", "/login", json.dumps({"username": "arista", "password": "arista"}))
    reply = connection.getresponse()
    reply.read()
    cookie = {"Cookie": " " + reply.headers["Set-Cookie"].partition(";")[0]}

    def head():
        connection.request("HEAD", "/command-api", headers=cookie)
        answer = connection.getresponse()
        answer.read()
        return answer.status

    assert head() == 200
    connection.request("POST", "/logout", headers=cookie)
    connection.getresponse().read()
    assert head() == 401
    connection.close()


def test_login_refused(shared_lab):
    connection = shared_lab.connect("leaf1")
    connection.request("POST", "/login", json.dumps({"username": "arista", "password": "x"}))
    assert connection.getresponse().status == 401
    connection.close()
