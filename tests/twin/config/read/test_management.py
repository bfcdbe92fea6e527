"""Settings that show commands mirror."""

import pytest

from avdlab.twin.config.loader import load
from avdlab.twin.config.read.management import aaa, access, hosts, igp, snmp, switch, syslog, wan
from avdlab.twin.config.tree import EMPTY


def config(text):
    loaded = load(text)
    assert loaded.rejected == ()
    return loaded.config


def test_snmp_hosts_of_every_version():
    text = """
snmp-server host 10.0.0.1 vrf MGMT version 2c public
snmp-server host 10.0.0.2 version 3 auth bob udp-port 1162
snmp-server host 10.0.0.3 informs version 2c private
"""
    first, second, third = snmp.read_snmp(config(text)).hosts
    assert first == snmp.SnmpHost("10.0.0.1", "v2c", "public", "MGMT")
    assert second == snmp.SnmpHost("10.0.0.2", "v3", "bob", port=1162, security="auth")
    assert (third.kind, third.name) == ("inform", "private")


def test_snmp_users_name_their_algorithms_as_eos_shows_them():
    text = "snmp-server user bob OPS v3 localized f5717f auth sha512 AA priv aes192 BB\n"
    user = snmp.read_snmp(config(text)).users[0]
    assert (user.auth, user.privacy) == ("SHA-512", "AES-192")


def test_snmp_agent_starts_with_its_first_line_and_may_leave_the_default_vrf():
    assert not snmp.read_snmp(EMPTY).configured
    found = snmp.read_snmp(config("no snmp-server vrf default\nsnmp-server vrf MGMT\n"))
    assert found.configured
    assert found.vrfs == {"default": False, "MGMT": True}


@pytest.mark.parametrize(
    ("line", "field", "level"),
    [
        ("logging buffered 1000 warnings", "buffered", "warnings"),
        ("logging console informational", "console", "informational"),
        ("no logging console", "console", ""),
        ("no logging trap", "trap", ""),
    ],
)
def test_logging_levels(line, field, level):
    assert getattr(syslog.read_logging(config(f"{line}\n")), field) == level


def test_logging_hosts_have_ports_and_protocols():
    text = "logging host 10.0.0.1 1514 protocol tcp\nlogging vrf MGMT host 10.0.0.2\n"
    hosts = sorted(syslog.read_logging(config(text)).hosts, key=lambda host: host.address)
    assert hosts == [
        syslog.LogHost("10.0.0.1", "default", 1514, "tcp"),
        syslog.LogHost("10.0.0.2", "MGMT"),
    ]


def test_aaa_methods_join_the_word_group_to_its_name():
    text = """
aaa group server tacacs+ TAC
   server 10.0.0.1 vrf MGMT
aaa authentication login default group TAC local
aaa accounting commands all default start-stop group TAC logging
aaa accounting exec console none
tacacs-server host 10.0.0.1 vrf MGMT port 4949 key 7 AA
"""
    found = aaa.read_aaa(config(text))
    assert found.login["default"] == ("group TAC", "local")
    assert found.accounting["commands all"]["default"] == aaa.Accounting(
        "startStop", ("group TAC", "logging")
    )
    assert found.accounting["exec"]["console"] == aaa.Accounting("none", ())
    assert found.tacacs == [aaa.AaaServer("10.0.0.1", "MGMT", 4949)]
    assert found.groups["TAC"].members == (aaa.AaaServer("10.0.0.1", "MGMT"),)


def test_ssh_of_a_vrf_is_on_unless_it_is_shut():
    text = "management ssh\n   shutdown\n   vrf MGMT\n      no shutdown\n"
    found = access.read_access(config(text)).ssh
    assert (found.enabled, found.vrfs) == (False, {"MGMT": True})


def test_access_lists_of_services():
    text = """
management api http-commands
   vrf MGMT
      ip access-group API
management ssh
   ip access-group SSH vrf MGMT in
"""
    lists = access.read_access(config(text)).lists
    assert lists == {"http-commands": {"ip": [("API", "MGMT")]}, "ssh": {"ip": [("SSH", "MGMT")]}}


def test_name_servers_share_a_line_and_a_priority():
    found = hosts.read_hosts(config("ip name-server vrf MGMT 10.0.0.1 10.0.0.2\n"))
    assert found.name_servers == [
        hosts.NameServer("10.0.0.1", "MGMT"),
        hosts.NameServer("10.0.0.2", "MGMT"),
    ]


def test_bfd_of_the_link_state_protocols():
    text = """
interface Ethernet1
   no switchport
   isis bfd
router ospf 1
   bfd default
router isis CORE
   address-family ipv4 unicast
      bfd all-interfaces
"""
    found = switch.read_switch(config(text))
    assert found.isis_bfd_ports == {"Ethernet1"}
    assert found.ospf_bfd == {1}
    assert found.isis_bfd


def test_segment_routing_is_on_only_without_shutdown():
    off = "router isis CORE\n   segment-routing mpls\n"
    on = off + "      no shutdown\n"
    assert not igp.read_isis_extras(config(off)).segment_routing
    assert igp.read_isis_extras(config(on)).segment_routing


def test_flow_trackers():
    text = """
flow tracking hardware
   tracker A
      record export on interval 5000
      exporter B
         collector 10.0.0.1
         local interface Loopback0
   no shutdown
"""
    flow = wan.read_wan(config(text)).flows["hardware"]
    assert flow.running
    assert flow.trackers["A"].interval == 5000
    assert flow.trackers["A"].exporters["B"].collectors == ["10.0.0.1"]
