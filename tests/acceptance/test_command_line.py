"""The command line as a user types it, on the shipped fabric."""

import json
import os
import shutil
import signal
import socket
import ssl
import urllib.request
from base64 import b64encode
from pathlib import Path

import pytest

from tests.acceptance.conftest import Project

DEVICES = 7
EAPI = """management api http-commands
   protocol https
   no shutdown
   !
   vrf MGMT
      no shutdown
"""


def _password(project: Project) -> str:
    return (project.folder / ".avdlab" / "OSLO" / "password").read_text().strip()


def _twin(project: Project) -> int:
    return int((project.folder / ".avdlab" / "OSLO" / "twin" / "process").read_text())


together = pytest.mark.xdist_group("shared")  # one lab for all of them


# ---------------------------------------------------------------------- a lab that is up
@together
def test_second_up_changes_nothing(shared_project: Project) -> None:
    twin = _twin(shared_project)
    done = shared_project.avdlab("up", "-q", "-f", "json")
    assert done.code == 0
    assert done.data["changed"] == []
    assert done.data["failed"] == []
    assert _twin(shared_project) == twin


@together
def test_plan_of_a_running_lab_is_empty(shared_project: Project) -> None:
    assert shared_project.avdlab("plan", "-q", "-f", "json").data["changes"] == []


@together
def test_status_lists_every_node_ready(shared_project: Project) -> None:
    data = shared_project.avdlab("status", "-f", "json").data
    assert data["phase"] == "deployed"
    assert [node["state"] for node in data["nodes"]] == ["ready"] * DEVICES


@together
def test_deploy_check_shows_the_diff_and_changes_nothing(shared_project: Project) -> None:
    variables = shared_project.folder / "inventory" / "host_vars" / "osl-leaf1a.yml"
    variables.parent.mkdir(exist_ok=True)
    variables.write_text("custom_structured_configuration_aliases: alias hi show version\n")
    try:
        for _ in range(2):
            done = shared_project.inside("deploy", "-q", "--check", "-f", "json")
            assert done.code == 0, done.err
            assert done.data["changed"] == ["osl-leaf1a"]
            assert "+alias hi show version" in done.data["devices"]["osl-leaf1a"]["diff"]
    finally:
        variables.unlink()
    assert shared_project.inside("deploy", "-q", "-f", "json").data["changed"] == []


@together
def test_exec_runs_on_the_devices_of_a_pattern(shared_project: Project) -> None:
    done = shared_project.avdlab("exec", "-l", "LEAVES:!osl-leaf2*", "-f", "json", "show hostname")
    names = {name: result[0]["hostname"] for name, result in done.data["devices"].items()}
    assert names == {"osl-leaf1a": "osl-leaf1a", "osl-leaf1b": "osl-leaf1b"}


@together
def test_exec_of_an_unknown_command_says_eos_words(shared_project: Project) -> None:
    done = shared_project.inside("exec", "-l", "osl-spine1", "show nonsense")
    assert done.code == 3
    assert "osl-spine1: Invalid input (at token 1: 'nonsense')" in done.err
    done = shared_project.inside("exec", "-l", "osl-spine1", "-f", "json", "show nonsense")
    assert done.code == 3
    assert done.data["devices"] == {}
    assert "Invalid input" in done.data["errors"]["osl-spine1"]


@together
def test_limit_validates_one_device(shared_project: Project) -> None:
    done = shared_project.avdlab("test", "-q", "-l", "osl-spine1", "-f", "json")
    assert done.code == 0
    report = json.loads((shared_project.folder / ".avdlab/OSLO/reports/results.json").read_text())
    assert {test["device"] for test in report["tests"]} == {"osl-spine1"}


@together
def test_unmodified_anta_runs_on_the_export(shared_project: Project) -> None:
    folder = shared_project.folder / "export"
    assert shared_project.avdlab("export", "anta", "-o", str(folder)).code == 0
    lines = (folder / "anta.env").read_text().splitlines()
    environment = {key: value.strip("'") for key, _, value in (ln.partition("=") for ln in lines)}
    done = shared_project.run("anta", "nrfu", "json", "-o", "anta.json", **environment)
    results = json.loads((shared_project.folder / "anta.json").read_text())
    assert len(results) == 164
    assert {r["test"] for r in results if r["result"] != "success"} == {"VerifyNTP"}
    assert done.code == 4  # ANTA's own exit code for failed tests


@together
def test_unmodified_pyeapi_edits_in_a_session(shared_project: Project) -> None:
    pyeapi = pytest.importorskip("pyeapi")
    node = pyeapi.connect(
        transport="https",
        host="127.0.0.1",
        port=_port(shared_project, "osl-leaf1a"),
        username="avdlab",
        password=_password(shared_project),
        return_node=True,
    )
    assert node.enable("show hostname")[0]["result"]["hostname"] == "osl-leaf1a"
    node.configure_session()
    node.config(["interface Ethernet1", "description changed"])
    assert "+   description changed" in node.diff()
    node.abort()
    assert node.api("vlans").get("110")["state"] == "active"


@together
def test_any_http_client_speaks_eapi(shared_project: Project) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    credentials = b64encode(f"avdlab:{_password(shared_project)}".encode()).decode()
    request = urllib.request.Request(
        f"https://127.0.0.1:{_port(shared_project, 'osl-spine1')}/command-api",
        json.dumps(
            {
                "jsonrpc": "2.0",
                "method": "runCmds",
                "params": {"version": 1, "cmds": ["show version"], "format": "json"},
                "id": None,
            }
        ).encode(),
        {"Authorization": f"Basic {credentials}"},
    )
    with urllib.request.urlopen(request, context=context, timeout=10) as response:  # noqa: S310
        answer = json.load(response)
    assert answer["id"] is None
    version = answer["result"][0]
    assert version["modelName"] == "cEOSLab"
    assert "twin" in version["internalVersion"]
    assert version["serialNumber"].startswith("TWIN")


@together
def test_graph_and_coverage_answer(shared_project: Project) -> None:
    assert shared_project.avdlab("graph").out.startswith("graph TB\n")
    coverage = shared_project.avdlab("twin", "coverage", "-f", "json").data
    assert [counts["rejected"] for counts in coverage["nodes"].values()] == [0] * DEVICES


@together
def test_check_and_wait_say_what_is_there(shared_project: Project) -> None:
    data = shared_project.avdlab("check", "-f", "json").data
    assert (data["fabrics"], data["devices"], data["notes"]) == (["OSLO"], DEVICES, [])
    assert shared_project.avdlab("check").out == "OSLO: 7 devices, 21 links, nothing odd\n"
    done = shared_project.avdlab("wait", "-q", "--timeout", "30s")
    assert (done.code, done.out) == (0, "7 devices are ready\n")


@together
def test_settings_say_where_they_come_from_and_hide_passwords(shared_project: Project) -> None:
    done = shared_project.avdlab(
        "config", "show", "--origin", "-f", "json", AVDLAB_TIMEOUT="9", AVDLAB_PASSWORD="hush-hush"
    )
    found = {row["setting"]: (row["value"], row["origin"]) for row in done.data["settings"]}
    assert found["timeout"] == (9.0, "environment")
    assert found["backend"] == ("twin", "default")
    assert found["password"] == ("(set)", "environment")
    assert "hush-hush" not in done.out


@together
def test_the_journal_tells_what_happened(shared_project: Project) -> None:
    done = shared_project.avdlab("events", "-f", "json")
    events = [json.loads(line) for line in done.out.splitlines()]
    stages = [e["stage"] for e in events if e["event"] == "stage_finished" and e["verb"] == "up"]
    assert {"twin", "ready", "deploy", "validate"} <= set(stages)
    assert shared_project.avdlab("events", "--last", "1").out.count("\n") == 1


@together
def test_status_of_all_labs_and_results_in_every_form(shared_project: Project) -> None:
    (lab,) = shared_project.avdlab("status", "--all", "-f", "json").data["labs"]
    assert (lab["name"], lab["phase"], lab["ready"]) == ("OSLO", "deployed", DEVICES)
    lines = shared_project.avdlab("status", "-f", "csv").out.splitlines()
    assert lines[0] == "name,state,eapi,reason"
    assert len(lines) == DEVICES + 1
    text = shared_project.avdlab("status", "-f", "yaml").out
    assert text.startswith("schema_version: 1\nlab: OSLO\n")


@together
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("graph", "-o", "/dev/full"), "error: No space left on device. What is there stays"),
        (("export", "ansible", "-o", "/dev/full"), "error: /dev/full: File exists. What is there"),
    ],
)
def test_what_the_machine_refuses_is_no_internal_error(
    shared_project: Project, words: tuple[str, ...], says: str
) -> None:
    done = shared_project.avdlab(*words)
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith(says)


@together
def test_exports_are_written_privately(shared_project: Project) -> None:
    for kind in ("ansible", "pyeapi", "nornir", "ssh-config", "containerlab"):
        folder = shared_project.folder / "exports" / kind
        done = shared_project.avdlab("export", kind, "-o", str(folder), "-f", "json")
        assert done.code == 0, done.err
        for name in done.data["files"]:
            assert (folder / name).stat().st_mode & 0o777 == 0o600
    done = shared_project.avdlab("export", "gns3project", "-f", "json")
    assert (done.code, done.data["nodes"]) == (0, 8), done.err  # and the management network's
    project = Path(done.data["file"])
    assert (project.name, project.stat().st_mode & 0o777) == ("OSLO.gns3project", 0o600)
    again = shared_project.avdlab("export", "gns3project", "-o", "again.gns3project")
    assert "login: avdlab, with the lab's password" in again.out
    assert (shared_project.folder / "again.gns3project").read_bytes() == project.read_bytes()
    graph = shared_project.run(
        "ansible-inventory", "-i", "exports/ansible/ansible.yml", "--graph", "LEAVES"
    )
    assert "osl-leaf1a" in graph.out


@together
def test_doctor_finds_nothing_wrong_here(shared_project: Project) -> None:
    done = shared_project.avdlab("doctor", "-f", "json")
    assert done.code == 0, done.err
    verdicts = {row["what"]: row["verdict"] for row in done.data["findings"]}
    assert verdicts["Python"] == verdicts["pyavd"] == verdicts["twin's address"] == "ok"


@together
def test_wrong_password_is_one_line(shared_project: Project) -> None:
    for verb in (("test",), ("deploy", "-q"), ("exec", "show version")):
        done = shared_project.avdlab(*verb, AVDLAB_PASSWORD="wrong")
        assert done.code == 3
        assert "every device refuses user 'avdlab': wrong user or password" in done.err
        assert "wrong\n" not in done.err.replace("wrong user", "")


def _port(project: Project, device: str) -> int:
    nodes = project.avdlab("status", "-f", "json").data["nodes"]
    return int(next(n["eapi"] for n in nodes if n["name"] == device).rpartition(":")[2])


# ---------------------------------------------------------------------- labs that break
def test_down_leaves_nothing_behind(project: Project) -> None:
    assert project.inside("up", "-q", "--no-test").code == 0
    port = _port(project, "osl-spine1")
    assert project.avdlab("down", "-q").code == 0
    assert not (project.folder / ".avdlab").exists()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    done = project.avdlab("down")
    assert (done.code, done.out) == (0, "no lab is up\n")


def test_down_by_name_needs_neither_inventory_nor_folder(project: Project, tmp_path: Path) -> None:
    assert project.inside("up", "-q", "--no-test").code == 0
    shutil.rmtree(project.folder / "inventory")
    elsewhere = project.folder / "home" / "elsewhere"
    elsewhere.mkdir(parents=True)
    done = project.run("env", "-C", str(elsewhere), "avdlab", "down", "-q", "--name", "OSLO")
    assert (done.code, done.out) == (0, "lab 'OSLO' is gone\n")
    assert not (project.folder / ".avdlab").exists()


def test_containerlab_export_needs_no_lab(project: Project) -> None:
    done = project.avdlab("export", "containerlab", "-o", "clab")
    assert done.code == 0, done.err
    assert (project.folder / "clab/topology.clab.yml").is_file()
    assert (project.folder / "clab/configs/osl-leaf1a.cfg").stat().st_mode & 0o777 == 0o600
    assert not (project.folder / ".avdlab").exists()
    assert not (project.folder / "inventory/intended").exists()


def test_dead_twin_is_one_line_and_up_brings_it_back(project: Project) -> None:
    assert project.inside("up", "-q", "--no-test").code == 0
    os.kill(_twin(project), signal.SIGKILL)
    states = {node["state"] for node in project.avdlab("status", "-f", "json").data["nodes"]}
    assert states == {"stopped"}
    for verb in (("test",), ("deploy", "-q"), ("exec", "show version")):
        done = project.inside(*verb)
        assert done.code == 7
        assert done.err.splitlines()[-1].endswith("is not running. Run: avdlab up")
    done = project.inside("up", "-q", "-f", "json")
    assert (done.code, done.data["failed"]) == (0, [])


def test_busy_port_is_one_line(project: Project) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = project.inside("up", "-q", "--eapi-port", str(port))
    assert done.code == 3
    assert f"port {port} (eAPI of osl-access1) is in use by another program" in done.err
    assert len(done.err.strip().splitlines()) == 1


def test_missing_vault_password_is_one_line_and_nothing_is_written(project: Project) -> None:
    (project.folder / "inventory" / ".vault-password").unlink()
    done = project.inside("up")
    assert done.code == 2
    assert "no vault password" in done.err
    assert len(done.err.strip().splitlines()) == 1
    assert not (project.folder / ".avdlab").exists()
    assert not (project.folder / "inventory" / "intended").exists()


def test_three_mistakes_in_three_hosts_are_all_located(project: Project) -> None:
    folder = project.folder / "inventory" / "host_vars"
    folder.mkdir()
    (folder / "osl-leaf1a.yml").write_text("dns_settings:\n  servers:\n    - ip_adress: 10.0.0.1\n")
    (folder / "osl-spine1.yml").write_text("---\nntp_settings:\n  servers: 5\n")
    (folder / "osl-leaf2b.yml").write_text('---\n\nmgmt_gateway: "{{ no_such_variable }}"\n')
    done = project.inside("up", "-q")
    assert done.code == 2
    for host, path, file in (
        ("osl-leaf1a", "dns_settings.servers[0]", "osl-leaf1a.yml:3"),
        ("osl-spine1", "ntp_settings.servers", "osl-spine1.yml:3"),
        ("osl-leaf2b", "mgmt_gateway", "osl-leaf2b.yml:3"),
    ):
        assert any(f"{host}: {path}" in line and file in line for line in done.err.splitlines()), (
            host,
            done.err,
        )
    assert not (project.folder / ".avdlab").exists()
    assert not (project.folder / "inventory" / "intended").exists()


def test_locked_out_device_is_not_ready_and_says_why(project: Project) -> None:
    configs = project.folder / "edited"
    assert project.inside("build", "-q").code == 0
    shutil.copytree(project.folder / "inventory" / "intended" / "configs", configs)
    path = configs / "osl-leaf1a.cfg"
    text = path.read_text()
    assert EAPI in text
    path.write_text(text.replace(EAPI, ""))
    words = ("--no-overlay", "--configs", str(configs), "-i", "inventory/inventory.yml")
    user = {"AVDLAB_USER": "admin", "AVDLAB_PASSWORD": "avdlab-example"}  # the design's own
    done = project.inside("up", "-q", *words, **user)
    assert done.code == 6
    assert "osl-leaf1a: eAPI is closed" in done.err


def test_up_resumes_after_a_kill_in_the_middle(project: Project) -> None:
    """Ends with the same lab and one twin; test_kills.py has the other points."""
    import subprocess

    first = subprocess.Popen(
        ["avdlab", "up", "-q", "--no-test"],
        cwd=project.folder,
        env=project.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        first.wait(timeout=3.0)
    except subprocess.TimeoutExpired:
        first.kill()
        first.wait()
    _status_tells_the_truth(project)
    done = project.avdlab("up", "-q", "-f", "json")
    assert (done.code, done.data["failed"]) == (0, []), done.err
    _status_tells_the_truth(project)
    assert project.inside("deploy", "-q", "-f", "json").data["changed"] == []
    assert len(_twins_of(project)) == 1
    assert project.avdlab("down", "-q").code == 0
    assert _twins_of(project) == []


def _status_tells_the_truth(project: Project) -> None:
    done = project.avdlab("status", "-f", "json")
    if done.code == 2:
        assert "no lab is up" in done.err
        return
    for node in done.data["nodes"]:
        host, port = node["eapi"].rsplit(":", 1)
        with socket.socket() as probe:
            open_now = probe.connect_ex((host, int(port))) == 0
        assert open_now == (node["state"] == "ready"), node


def _twins_of(project: Project) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"avdlab.twin" in words and any(
            word.startswith(str(project.folder).encode()) for word in words
        ):
            found.append(int(entry.parent.name))
    return found
