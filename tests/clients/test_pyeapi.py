"""pyeapi, unmodified (checks 11 to 19)."""

import warnings

import pytest

pyeapi = pytest.importorskip("pyeapi", reason="pyeapi is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")


def connected(lab, transport="https", **options: object):
    plain = transport in {"http", "http_session"}
    port = lab.http["leaf1"] if plain else lab.ports["leaf1"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pyeapi.connect(
            transport=transport,
            host="127.0.0.1",
            username="arista",
            password="arista",
            port=port,
            timeout=10,
            return_node=True,
            **options,
        )


@pytest.fixture
def node(lab):
    return connected(lab)


@pytest.mark.parametrize("transport", ["https", "http", "https_session", "http_session"])
def test_check_11_connects_by_every_transport(lab, transport):
    found = connected(lab, transport).enable("show hostname")
    assert found[0]["result"]["hostname"] == "leaf1"


def test_check_12_enable_runs_several_commands(node):
    answers = node.enable(["show version", "show hostname"])
    assert answers[0]["result"]["modelName"] == "cEOSLab"
    assert answers[1] == {
        "command": "show hostname",
        "result": {"hostname": "leaf1", "fqdn": "leaf1"},
        "encoding": "json",
    }


def test_check_13_an_unknown_command_is_an_error_with_what_ran_before(node):
    with pytest.raises(pyeapi.eapilib.CommandError) as failed:
        node.run_commands(["show hostname", "show nonsense", "show version"])
    error = failed.value
    assert error.error_code == 1002
    assert "CLI command 3 of 4 'show nonsense' failed: invalid command" in str(error)
    assert "Invalid input (at token 1: 'nonsense')" in error.command_error
    assert len(error.output) == 3  # enable, show hostname, and the one that failed
    assert "leaf1" in str(error.trace)


def test_check_14_an_unconverted_command_comes_as_text(node):
    with pytest.raises(pyeapi.eapilib.CommandError) as failed:
        node.run_commands("show running-config diffs")
    assert failed.value.error_code == 1003
    (answer,) = node.enable(["show running-config diffs"])
    assert answer["encoding"] == "text"
    assert answer["result"] == {"output": ""}


def test_check_15_configures_and_reads_its_configuration(node):
    node.config(["interface Ethernet5", "description by pyeapi"])
    assert "description by pyeapi" in node.section("interface Ethernet5")
    node.refresh()
    assert "description by pyeapi" in node.running_config
    node.config(["no interface Ethernet5"])


def test_check_16_sessions_compare_abort_and_commit(node, pending):
    node.configure_session()
    node.config(["interface Ethernet5", "description in a session"])
    assert "+   description in a session" in node.diff()
    node.abort()
    assert pending() == []
    node.configure_session()
    node.config(["interface Ethernet5", "description committed"])
    node.commit()
    node.refresh()
    assert "description committed" in node.section("interface Ethernet5")
    node.config(["no interface Ethernet5"])


def test_check_17_a_banner_is_multi_line(node, lab):
    node.config(["banner motd MULTILINE:hello\nthere"])
    assert "banner motd\nhello\nthere\nEOF\n" in lab.text("leaf1", "show running-config")
    node.config(["no banner motd"])


def test_check_18_the_enable_secret_is_asked(lab, node):
    digest = lab.text("leaf1", "show running-config").partition("secret sha512 ")[2].split()[0]
    node.config([f"enable secret sha512 {digest}", "no aaa authorization exec default local"])
    try:
        with pytest.raises(pyeapi.eapilib.CommandError) as failed:
            connected(lab, enablepwd="wrong").enable("show running-config")
        assert failed.value.error_code == 1005
        good = connected(lab)
        good.enable_authentication("arista")
        assert good.enable("show hostname")[0]["result"]["hostname"] == "leaf1"
    finally:
        good = connected(lab)
        good.enable_authentication("arista")
        good.config(["no enable secret", "aaa authorization exec default local"])


@pytest.fixture(scope="module")
def leaf(single_dc):
    """A leaf of single-dc-l3ls, as pyavd rendered it."""
    host, port = single_dc.nodes["dc1-leaf1a"]
    return pyeapi.connect(
        transport="https",
        host=host,
        username="avdlab",
        password=single_dc.password,
        port=int(port),
        timeout=30,
        return_node=True,
    )


def test_check_19_the_api_modules_read_a_rendered_configuration(leaf):
    vlans = leaf.api("vlans").getall()
    assert vlans["11"]["name"] == "VRF10_VLAN11"
    interfaces = leaf.api("interfaces")
    assert interfaces.get("Ethernet1")["description"] == "P2P_dc1-spine1_Ethernet1"
    assert interfaces.get("Port-Channel3")["members"] == ["Ethernet3", "Ethernet4"]
    assert interfaces.get("Vxlan1")["source_interface"] == "Loopback1"
    switchport = leaf.api("switchports").get("Port-Channel5")
    assert switchport["mode"] == "trunk"
    assert leaf.api("ipinterfaces").get("Loopback0")["address"].endswith("/32")
    bgp = leaf.api("bgp").get()
    assert bgp["bgp_as"] == 65101
    assert (
        bgp["router_id"] == leaf.api("ipinterfaces").get("Loopback0")["address"].partition("/")[0]
    )
    mlag = leaf.api("mlag").get()
    assert mlag["config"]["local_interface"] == "Vlan4094"
    assert "Port-Channel5" in mlag["interfaces"]
    assert leaf.api("users").get("admin")["privilege"] == "15"
    assert "VRF10" in leaf.api("vrfs").getall()
