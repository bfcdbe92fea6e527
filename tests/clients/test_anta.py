"""ANTA and its eAPI client asynceapi, unmodified (checks 1 to 5 and 8 to 10)."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml
from anta.device import AsyncEOSDevice
from asynceapi import Device, SessionConfig
from asynceapi.errors import EapiAuthenticationError

PASSWORD = "arista"
NRFU = [str(Path(sys.executable).parent / "anta"), "nrfu"]


def anta_device(lab, password=PASSWORD, **options: object):
    return AsyncEOSDevice(
        host="127.0.0.1",
        port=lab.ports["leaf1"],
        username="arista",
        password=password,
        proto="https",
        **options,
    )


def device(lab, name="leaf1", **options: object):
    return Device(
        host="127.0.0.1",
        port=lab.ports[name],
        username="arista",
        password="arista",
        proto="https",
        **options,
    )


def refreshed(anta):
    async def refresh():
        await anta.refresh()
        seen = (anta.is_online, anta.established, anta.hw_model)
        await anta.disconnect()
        return seen

    return asyncio.run(refresh())


def test_check_01_head_and_show_version_establish(lab):
    assert refreshed(anta_device(lab)) == (True, True, "cEOSLab")


def test_check_02_a_wrong_password_is_a_device_offline(lab):
    _online, established, _model = refreshed(anta_device(lab, password="wrong"))
    assert not established


def test_check_03_session_auth_logs_in_out_and_notices_an_expired_cookie(lab):
    assert refreshed(anta_device(lab, use_session_auth=True)) == (True, True, "cEOSLab")

    async def expire():
        async with device(lab, use_session_auth=True) as eapi:
            await eapi.cli("show hostname")
            cookie = eapi._session_auth.session_cookie
            await eapi.post("/logout", headers={"Cookie": f"Session={cookie}"})
            login = eapi._session_auth._login_url
            eapi._session_auth._login_url = login.replace("/login", "/nowhere")
            await eapi.cli("show hostname")

    with pytest.raises(EapiAuthenticationError):
        asyncio.run(expire())


def nrfu(single_dc, catalog=None):
    """Run ANTA's own command line over the lab; return its results."""
    done = single_dc.avdlab("export", "anta", "-o", "anta-export")
    assert done.returncode == 0, done.stderr
    folder = single_dc.folder / "anta-export"
    lines = (folder / "anta.env").read_text().splitlines()
    given = {key: value.strip("'") for key, _, value in (line.partition("=") for line in lines)}
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ANTA")}
    if catalog is not None:
        (folder / "catalog.json").write_text(json.dumps(catalog))
    subprocess.run(
        [*NRFU, "--ignore-status", "json", "--output", folder / "results.json"],
        env=environment | given,
        check=True,
        capture_output=True,
        timeout=300,
    )
    return json.loads((folder / "results.json").read_text())


def unexpected(results):
    """Return what is no success. The lab has no time server, and cEOS lacks some hardware too."""
    return [
        (result["name"], result["test"], result["result"], result["messages"])
        for result in results
        if result["result"] != "success"
        and (result["test"], result["result"]) != ("VerifyNTP", "failure")
        and not (result["result"] == "skipped" and "not supported on cEOSLab" in str(result))
    ]


def test_check_04_all_of_avds_catalog_passes_on_single_dc(single_dc):
    results = nrfu(single_dc)
    assert unexpected(results) == []
    assert len(results) > 150
    assert len({result["test"] for result in results}) >= 24


def test_check_05_so_does_extra_fabric_validation(single_dc):
    from pyavd import get_device_test_catalog
    from pyavd.api.anta import AVDCatalogGenerationSettings, AVDFabricData

    paths = (single_dc.folder / "intended" / "structured_configs").glob("*.yml")
    configs = {path.stem: yaml.safe_load(path.read_text()) for path in paths}
    fabric = AVDFabricData.from_structured_configs(configs)
    settings = AVDCatalogGenerationSettings(extra_fabric_validation=True)
    merged: dict[str, list[object]] = {}
    for name, config in configs.items():
        made = get_device_test_catalog(name, config, fabric, settings).dump().to_json()
        for module, tests in json.loads(made).items():
            merged.setdefault(module, []).extend(tests)
    results = nrfu(single_dc, merged)
    assert unexpected(results) == []
    kinds = Counter(result["test"] for result in results)
    assert kinds["VerifyIPv4RoutePresencePerVRF"] == 4
    assert kinds["VerifyReachability"] > 6


def test_check_08_session_config_pushes_compares_commits_and_aborts(lab):
    async def deploy():
        async with device(lab, "leaf2") as eapi:
            assert await eapi.check_api_endpoint()
            session = SessionConfig(eapi, "deploy")
            await session.push(["interface Ethernet7", "   description pushed"])
            assert "description pushed" in await session.diff()
            await session.abort()
            assert await session.status() is None
            await session.push("interface Ethernet7\n   description pushed")
            await session.commit(timer="00:05:00")
            await session.commit()
            await eapi.cli(commands=["enable", "copy running-config flash:whole"])
            file = SessionConfig(eapi, "file")
            await file.load_file("flash:whole", replace=True)
            assert await file.diff() == ""
            await file.abort()
            return await SessionConfig(eapi, "deploy").status_all()

    states = asyncio.run(deploy())["sessions"]
    assert states["deploy"]["state"] == "completed"
    assert "pushed" in lab.text("leaf2", "show running-config section Ethernet7")


def test_check_09_the_commit_timer_is_seen_to_run_and_to_end(lab):
    async def wait():
        async with device(lab, "leaf2") as eapi:
            session = SessionConfig(eapi, "timed")
            await session.push("ntp server 192.0.2.77")
            await session.commit(timer="00:00:01")
            states = await session.status_all()
            assert states["commitTimerSessionName"] == "timed"
            for _ in range(100):
                if "commitTimerSessionName" not in await session.status_all():
                    break
                await asyncio.sleep(0.1)
            return await session.status()

    assert asyncio.run(wait()) is None
    assert "192.0.2.77" not in lab.text("leaf2", "show running-config")


def test_check_10_a_hundred_requests_at_once(lab):
    async def many():
        async with device(lab) as eapi:
            calls = [eapi.cli("show version") for _ in range(100)]
            return await asyncio.gather(*calls)

    answers = asyncio.run(many())
    assert len({answer["serialNumber"] for answer in answers}) == 1


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_curl(lab):
    body = {
        "jsonrpc": "2.0",
        "method": "runCmds",
        "params": {"version": 1, "cmds": ["show hostname"], "format": "json"},
        "id": "curl",
    }
    url = f"https://127.0.0.1:{lab.ports['leaf1']}/command-api"
    arguments = ["curl", "-sk", "-u", "arista:arista", url, "-d", json.dumps(body)]
    done = subprocess.run(arguments, capture_output=True, check=True, timeout=10)
    assert json.loads(done.stdout)["result"][0]["hostname"] == "leaf1"
