"""The session with a server: found out by asking, logged in, and clear about what went wrong."""

import http.server
import socket
import threading
import warnings

import pytest

from avdlab.backends.gns3.connector import Connector
from avdlab.backends.gns3.errors import (
    ConflictError,
    Gns3Error,
    LoginError,
    NoAnswerError,
    NotFoundError,
)
from avdlab.backends.gns3.model import LOCAL, Port
from avdlab.backends.gns3.server import Server

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import gns3fy

# both lines have containers on one Docker, named by node and project
PROJECTS = {
    2: "7f1d3a52-0000-5000-8000-00000000c0d2",
    3: "7f1d3a52-0000-5000-8000-00000000c0d3",
}


@pytest.fixture(scope="module")
def server(gns3_server):
    return Server(Connector(gns3_server.url, gns3_server.user, gns3_server.password))


@pytest.fixture
def project(server):
    identity = PROJECTS[server.api]
    server.create_project(identity, "connector")
    yield identity
    server.delete_project(identity)


def test_the_version_is_found_by_asking(server, gns3_server):
    assert server.connector.version == gns3_server.version
    assert server.api == int(gns3_server.line[0])
    assert server.version[:2] == tuple(map(int, gns3_server.line.split(".")))
    assert bool(server.connector.token) == (server.api == 3)


def test_a_wrong_password_is_one_clear_line(gns3_server):
    with pytest.raises(LoginError) as caught:
        Connector(gns3_server.url, gns3_server.user, "no-such-password")
    text = str(caught.value)
    assert "refuses user 'admin': wrong user or password" in text
    assert "AVDLAB_GNS3_PASSWORD" in text
    assert "no-such-password" not in text


def test_a_server_that_wants_a_login_says_so(gns3_server):
    with pytest.raises(LoginError, match=r"asks for a user|refuses calls without a user"):
        Connector(gns3_server.url)


def test_the_password_is_in_no_repr(gns3_server, server):
    assert gns3_server.password not in repr(server.connector)


def test_where_nothing_listens_the_address_is_named():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NoAnswerError) as caught:
        Connector(f"http://127.0.0.1:{port}")
    text = str(caught.value)
    assert f"no GNS3 server answers at http://127.0.0.1:{port} (connection refused)" in text
    assert "Start gns3server" in text


def test_another_web_server_is_not_taken_for_gns3():
    class Teapot(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>hello</html>")

        def log_message(self, *args: object):
            """Say nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Teapot) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        with pytest.raises(NoAnswerError, match="is no GNS3 server"):
            Connector(f"http://127.0.0.1:{other.server_port}")
        other.shutdown()


def test_a_server_that_does_not_answer_in_time():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(NoAnswerError, match="did not answer within 1 s"):
            Connector(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=1)


def test_errors_carry_the_servers_own_words(server, project):
    with pytest.raises(NotFoundError, match="doesn't exist"):
        server.update_project("00000000-0000-4000-8000-000000000000", name="x")
    body = {
        "name": "pc", "node_type": "vpcs", "compute_id": LOCAL, "console_type": "telnet",
        "properties": {},
    }  # fmt: skip
    one, other = server.create_node(project, body), server.create_node(project, body)
    server.create_link(project, (Port(one.id, 0), Port(other.id, 0)), ("", ""), "a cable")
    with pytest.raises(ConflictError) as caught:
        server.create_link(project, (Port(one.id, 0), Port(other.id, 0)), ("", ""), "leaf1:Et1")
    assert str(caught.value).startswith("leaf1:Et1: Port is already used (POST /v")
    assert caught.value.status == 409


def test_a_missing_image_names_the_import_command(server, project):
    body = {
        "name": "leaf1", "node_type": "docker", "compute_id": LOCAL, "console_type": "telnet",
        "properties": {"image": "avdlab-nowhere:1", "adapters": 1},
    }  # fmt: skip
    with pytest.raises(Gns3Error) as caught:
        server.create_node(project, body)
    assert caught.value.about == "leaf1"
    assert "docker import" in str(caught.value)


def test_an_expired_token_is_renewed(server, gns3_server):
    connector = Connector(gns3_server.url, gns3_server.user, gns3_server.password)
    if connector.api == 2:
        pytest.skip("API v2 has no tokens")
    assert connector.token
    connector.session.auth.token = "eyJhbGciOiJIUzI1NiJ9.e30.expired"
    Server(connector).projects()
    assert connector.token != "eyJhbGciOiJIUzI1NiJ9.e30.expired"


def test_projects_are_found_by_id_and_made_once(server, project):
    assert server.project(project).name == "connector"
    assert not server.project(project).auto_close
    assert server.create_project(project, "another name").name == "connector"
    assert server.project("00000000-0000-4000-8000-000000000000") is None


def test_files_of_a_project(server, project):
    assert server.read_project_file(project, "avdlab.json") is None
    server.write_project_file(project, "avdlab.json", b'{"a": 1}')
    assert server.read_project_file(project, "avdlab.json") == b'{"a": 1}'


def test_the_local_compute_has_figures_and_images(server):
    local = server.computes()[0]
    assert local.id == LOCAL
    assert local.connected
    assert 0 < local.free < local.memory
    assert "avdlab-busybox:1" in server.images(LOCAL)


def test_interfaces_of_the_server_are_those_of_this_network(server, management_bridge):
    found = {interface.name: interface for interface in server.interfaces(LOCAL)}
    assert found[management_bridge].addresses == ("172.16.1.1/24",)


def test_an_unmodified_gns3fy_script_runs_over_our_session(server, project):
    """The calls are those of gns3fy's own documentation."""
    template = {
        "name": "avdlab-gns3fy", "compute_id": LOCAL, "template_type": "docker",
        "image": "avdlab-busybox:1", "adapters": 2, "category": "guest",
        "console_type": "telnet", "symbol": ":/symbols/docker_guest.svg",
        "default_name_format": "{name}-{0}",
    }  # fmt: skip
    connector = server.connector
    connector.create_template(**template)
    try:
        lab = gns3fy.Project(name="connector", connector=connector)
        lab.get()
        for name in ("h1", "h2"):
            lab.create_node(name=name, template="avdlab-gns3fy")
        lab.create_link("h1", "eth0", "h2", "eth0")
        lab.get_nodes()
        assert sorted(node.name for node in lab.nodes) == ["h1", "h2"]
        for node in lab.nodes:
            node.start()
            assert node.status == "started"
        assert lab.links_summary(is_print=False)
        for node in lab.nodes:
            node.stop()
            assert node.status == "stopped"
        assert lab.nodes_summary(is_print=False)
        lab.nodes[0].write_file(path="mnt/flash/hello", data="there")
        assert lab.nodes[0].get_file(path="mnt/flash/hello") == "there"
    finally:
        connector.delete_template(name="avdlab-gns3fy")
