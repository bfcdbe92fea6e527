"""The process: how it starts, what it says when it cannot, how it ends."""

import socket
import stat


def test_bad_port(stopped_lab):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        stopped_lab.ports = {"leaf2": port}
        stopped_lab.write()
        stopped_lab.start()
    assert stopped_lab.ready["error"] == "port-in-use"
    assert (stopped_lab.ready["node"], stopped_lab.ready["port"]) == ("leaf2", port)
    assert stopped_lab.process.wait(10) == 1
    stopped_lab.process = None


def test_bad_description(stopped_lab):
    stopped_lab.write(schema_version=9)
    stopped_lab.start()
    assert not stopped_lab.ready["ready"]
    assert "schema_version must be 1" in stopped_lab.ready["message"]
    assert stopped_lab.process.wait(10) == 1
    stopped_lab.process = None


def test_rejected_lines_are_kept_for_the_report(stopped_lab):
    stopped_lab.configs["leaf1"] = stopped_lab.configs["leaf1"].replace("!\n", "foo bar\n!\n", 1)
    stopped_lab.write()
    stopped_lab.start()
    [line] = stopped_lab.control("GET", "/status")["nodes"]["leaf1"]["rejected_at_boot"]
    assert (line["line"], line["number"]) == ("foo bar", 2)
    assert "Invalid input (at token 0: 'foo')" in line["message"]


def test_key_is_private_and_kept(own_lab):
    lab = own_lab
    key = lab.folder / "eapi.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_bytes()
    assert lab.stop() == 0
    lab.start()
    assert key.read_bytes() == before


def test_node_without_eapi_boots_and_is_closed(stopped_lab):
    text = stopped_lab.configs["leaf1"]
    stopped_lab.configs["leaf1"] = text.replace("management api http-commands\n   no shut", "x\n")
    stopped_lab.write()
    stopped_lab.start()
    assert stopped_lab.ready["ready"]
    nodes = stopped_lab.control("GET", "/status")["nodes"]
    assert nodes["leaf1"]["eapi"] == "closed: management api http-commands is shut down"
    assert nodes["leaf2"]["eapi"] == "open"
