"""Reading host-wide settings."""

from avdlab.twin.config.read.system import read_system
from avdlab.twin.config.tree import parse_indented


def test_name_and_users() -> None:
    found = read_system(
        parse_indented(
            "hostname leaf1\n"
            "dns domain lab.example\n"
            "username admin privilege 15 role network-admin secret sha512 $6$salt$hash\n"
            "username guest role network-operator nopassword\n"
            "enable password 5 $1$x\n"
        )
    )
    assert (found.hostname, found.domain) == ("leaf1", "lab.example")
    assert found.users["admin"].privilege == 15
    assert found.users["admin"].secret == ("sha512", "$6$salt$hash")
    assert found.users["guest"].secret is None
    assert found.enable_secret == ("5", "$1$x")


def test_eapi_is_shut_unless_asked() -> None:
    assert read_system(parse_indented("hostname a")).eapi.shutdown
    found = read_system(
        parse_indented(
            "management api http-commands\n   protocol https\n   protocol http\n   no shutdown\n"
            "   !\n   vrf MGMT\n      no shutdown\n   vrf OTHER\n"
        )
    ).eapi
    assert not found.shutdown
    assert found.http
    assert dict(found.vrfs) == {"MGMT": True, "OTHER": False}


def test_ntp_servers_of_any_vrf() -> None:
    text = "ntp server vrf MGMT 10.0.0.1 prefer\nntp server time.example iburst\n"
    assert read_system(parse_indented(text)).ntp_servers == ("10.0.0.1", "time.example")
