"""eAPI's JSON-RPC: what is accepted, and how each refusal reads."""

import json

import pytest

from avdlab.twin.eapi.jsonrpc import (
    Command,
    RpcError,
    RunCmds,
    check,
    command_failure,
    decode,
    failure,
    success,
)


def request(**params: object):
    return {"jsonrpc": "2.0", "method": "runCmds", "params": params, "id": "x"}


def test_smallest_request():
    assert check(request(version=1, cmds=["show version"])) == RunCmds(
        "x", (Command("show version"),)
    )


def test_anta_request():
    checked = check(
        request(version="latest", cmds=[{"cmd": "show mlag", "revision": 2}], format="json")
    )
    assert checked.version is None
    assert checked.commands == (Command("show mlag", None, 2),)


def test_pyeapi_sends_streaming_beside_the_params():
    message = request(version=1, cmds=[{"cmd": "enable", "input": "pw"}], autoComplete=True)
    checked = check(message | {"streaming": False, "id": "140"})
    assert checked.commands[0].input == "pw"
    assert checked.auto_complete


def test_positional_params():
    message = request() | {"params": ["latest", ["show clock"], "text"]}
    assert check(message).text


def test_flags():
    checked = check(request(version=1, cmds=[], timestamps=True, stopOnError=False))
    assert checked.timestamps
    assert not checked.stop_on_error


@pytest.mark.parametrize("request_id", [None, 0, 7, "a", 1.5])
def test_id_is_echoed(request_id):
    message = request(version=1, cmds=[]) | {"id": request_id}
    assert success(check(message).request_id, [])["id"] == request_id


@pytest.mark.parametrize(
    ("message", "code", "text"),
    [
        ("[", -32700, "parse"),
        ('"hello"', -32600, "object"),
        ('{"method": "runCmds", "id": 1}', -32600, "jsonrpc"),
        ('{"jsonrpc": "2.0", "method": "getFoo", "params": {}, "id": 1}', -32601, "getFoo"),
        ('{"jsonrpc": "2.0", "method": "runCmds", "id": 1}', -32602, "version"),
        (json.dumps(request(cmds=[])), -32602, "version"),
        (json.dumps(request(version=1)), -32602, "cmds"),
        (json.dumps(request(version=0, cmds=[])), -32602, "version"),
        (json.dumps(request(version=1, cmds=[], format="xml")), -32602, "format"),
        (json.dumps(request(version=1, cmds="show version")), -32602, "list"),
        (json.dumps(request(version=1, cmds=[3])), -32602, "command"),
        (json.dumps(request(version=1, cmds=[{"cmd": "a", "input": 3}])), -32602, "input"),
        (json.dumps(request(version=1, cmds=[], timestamps="no")), -32602, "timestamps"),
    ],
)
def test_wrong_requests(message, code, text):
    with pytest.raises(RpcError, match=text) as refused:
        check(decode(message.encode()))
    assert failure(refused.value)["error"]["code"] == code


def test_unknown_keyword_reads_as_pyeapi_parses_it():
    with pytest.raises(RpcError, match="unexpected keyword argument 'foo'"):
        check(request(version=1, cmds=[], foo=True))


def test_failed_command():
    checked = check(request(version=1, cmds=["show version", "show foo", "show clock"]))
    reply = command_failure(checked, 2, 1002, "invalid command", [{}, {"errors": ["no"]}])
    assert reply["error"]["message"] == "CLI command 2 of 3 'show foo' failed: invalid command"
    assert reply["error"]["data"] == [{}, {"errors": ["no"]}]
    assert reply["id"] == "x"
