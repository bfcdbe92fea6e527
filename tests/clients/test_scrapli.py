"""scrapli, unmodified, over SSH (check 36)."""

import pytest

scrapli = pytest.importorskip("scrapli", reason="scrapli is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def session(lab):
    with scrapli.Cli(
        "127.0.0.1",
        definition_file_or_name="arista_eos",
        port=lab.ssh["leaf1"],
        auth_options=scrapli.AuthOptions(username="arista", password="arista"),
        transport_options=scrapli.TransportSsh2Options(),
    ) as connection:
        yield connection


def test_check_36_show_command(session):
    answer = session.send_input("show version")
    assert answer.result.startswith("Arista cEOSLab")
    assert not answer.failed


def test_check_36_changes_mode_and_notices_a_failure(session, lab):
    lines = ["interface Ethernet6", "description scrapli", "bogus line"]
    answer = session.send_inputs(lines, requested_mode="configuration")
    assert answer.failed
    assert "% Invalid input" in answer.result
    assert "description scrapli" in lab.text("leaf1", "show running-config section Ethernet6")
    assert not session.send_input("show hostname").failed
