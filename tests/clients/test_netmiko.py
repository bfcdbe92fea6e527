"""netmiko, unmodified, over SSH (check 35)."""

import pytest

netmiko = pytest.importorskip("netmiko", reason="netmiko is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def session(lab):
    connection = netmiko.ConnectHandler(
        device_type="arista_eos",
        host="127.0.0.1",
        port=lab.ssh["leaf1"],
        username="arista",
        password="arista",
    )
    connection.enable()
    yield connection
    connection.disconnect()


def test_check_35_show_commands(session):
    assert session.find_prompt() == "leaf1#"
    assert "Arista cEOSLab" in session.send_command("show version")
    assert "leaf1" in session.send_command("sh hostn")


def test_check_35_configures_and_saves(session, lab):
    said = session.send_config_set(["interface Ethernet5", "description netmiko", "mtu 9000"])
    assert "leaf1(config-if-Et5)#" in said
    assert "Copy completed successfully" in session.save_config()
    assert "description netmiko" in lab.text("leaf1", "show running-config section Ethernet5")
    assert lab.text("leaf1", "show running-config diffs") == ""


def test_check_35_says_which_line_is_wrong(session):
    with pytest.raises(netmiko.exceptions.ConfigInvalidException, match="Invalid input"):
        session.send_config_set(["interface Ethernet5", "bogus"], error_pattern="% Invalid input")
    session.exit_config_mode()


def test_check_35_wrong_password_is_refused(lab):
    with pytest.raises(netmiko.exceptions.NetmikoAuthenticationException):
        netmiko.ConnectHandler(
            device_type="arista_eos",
            host="127.0.0.1",
            port=lab.ssh["leaf1"],
            username="arista",
            password="wrong",
        )
