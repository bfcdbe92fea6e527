"""Unmodified clients against the twin: curl, pyeapi, asynceapi, ANTA."""

import asyncio
import json
import shutil
import socket
import subprocess
import warnings

import pytest
from anta.device import AsyncEOSDevice
from asynceapi import Device, SessionConfig

PROTOCOLS = "management api http-commands\n   protocol http\n"


def free_ports(count):
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@pytest.fixture(scope="module")
def both(tmp_path_factory, make_lab):
    """A twin whose leaf1 serves HTTPS and HTTP."""
    twin = make_lab(tmp_path_factory.mktemp("twin"), http={"leaf1": free_ports(1)[0]})
    twin.configs["leaf1"] = twin.configs["leaf1"].replace(
        "management api http-commands\n", PROTOCOLS
    )
    twin.write()
    try:
        yield twin.start()
    finally:
        twin.stop()


# ------------------------------------------------------------------ curl
@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_curl(both):
    body = {
        "jsonrpc": "2.0",
        "method": "runCmds",
        "params": {"version": 1, "cmds": ["show hostname"], "format": "json"},
        "id": "curl",
    }
    url = f"https://127.0.0.1:{both.ports['leaf1']}/command-api"
    arguments = ["curl", "-sk", "-u", "arista:arista", url, "-d", json.dumps(body)]
    done = subprocess.run(arguments, capture_output=True, check=True, timeout=10)
    assert json.loads(done.stdout)["result"][0]["hostname"] == "leaf1"


# ------------------------------------------------------------------ pyeapi
@pytest.fixture(params=["https", "http", "https_session", "http_session"])
def node(both, request):
    pyeapi = pytest.importorskip("pyeapi")
    port = both.http["leaf1"] if request.param.startswith("http_") else both.ports["leaf1"]
    if request.param == "http":
        port = both.http["leaf1"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield pyeapi.connect(
            transport=request.param,
            host="127.0.0.1",
            username="arista",
            password="arista",
            port=port,
            timeout=10,
            return_node=True,
        )


def test_pyeapi_transports(node):
    answers = node.enable(["show version", "show hostname"])
    assert answers[1]["result"]["hostname"] == "leaf1"


@pytest.mark.parametrize("node", ["https"], indirect=True)
def test_pyeapi_errors(node):
    import pyeapi

    with pytest.raises(pyeapi.eapilib.CommandError) as failed:
        node.enable(["show nonsense"])
    assert failed.value.error_code == 1002
    answer = node.enable(["show running-config diffs"])  # unconverted: asked again as text
    assert answer[0]["encoding"] == "text"


@pytest.mark.parametrize("node", ["https"], indirect=True)
def test_pyeapi_configures(node):
    node.config(["interface Ethernet5", "description by pyeapi"])
    assert "description by pyeapi" in node.section("interface Ethernet5")
    assert node.api("vlans").create("77")
    assert "77" in node.api("vlans").getall()
    node.config(["banner motd MULTILINE:hello\nthere", "no vlan 77"])
    node.configure_session()
    node.config(["interface Ethernet5", "description in a session"])
    assert "+   description in a session" in node.diff()
    node.abort()
    node.configure_session()
    node.config(["no interface Ethernet5", "no banner motd"])
    node.commit()
    node.refresh()
    assert "by pyeapi" not in node.running_config


# ------------------------------------------------------------------ asynceapi and ANTA
def device(lab, name="leaf1", **options: object):
    return Device(
        host="127.0.0.1",
        port=lab.ports[name],
        username="arista",
        password="arista",
        proto="https",
        **options,
    )


def test_asynceapi_session(both):
    async def deploy():
        async with device(both, "leaf2") as eapi:
            assert await eapi.check_api_endpoint()
            session = SessionConfig(eapi, "deploy")
            await session.push(["interface Ethernet7", "   description pushed"])
            assert "description pushed" in await session.diff()
            await session.abort()
            await session.push("interface Ethernet7\n   description pushed")
            await session.commit(timer="00:05:00")
            status = await session.status()
            await session.commit()
            return status

    assert asyncio.run(deploy())["state"] == "pendingCommitTimer"


def test_anta_connects(both):
    async def connect(password):
        anta = AsyncEOSDevice(
            host="127.0.0.1",
            port=both.ports["leaf1"],
            username="arista",
            password=password,
            proto="https",
        )
        await anta.refresh()
        seen = (anta.is_online, anta.established, anta.hw_model)
        await anta.disconnect()
        return seen

    assert asyncio.run(connect("arista")) == (True, True, "cEOSLab")
    assert not asyncio.run(connect("wrong"))[1]


def test_a_hundred_requests_at_once(both):
    async def many():
        async with device(both) as eapi:
            calls = [eapi.cli("show version") for _ in range(100)]
            return await asyncio.gather(*calls)

    answers = asyncio.run(many())
    assert len({answer["serialNumber"] for answer in answers}) == 1
