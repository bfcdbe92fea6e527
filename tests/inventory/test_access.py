"""Where an inventory says that its devices answer, in the order of AVD and Ansible."""

import pytest

from avdlab.inventory.access import Access, access_of

FIRST = {
    "ansible_host": "192.0.2.1",
    "anta_user": "a",
    "ansible_user": "b",
    "anta_password": "1",
    "ansible_password": "2",
    "ansible_httpapi_pass": "3",
    "ansible_httpapi_password": "4",
    "anta_port": 8443,
    "ansible_httpapi_port": 9443,
}


def without(*names: str):
    return {key: value for key, value in FIRST.items() if key not in names}


def test_avds_own_variables_win():
    assert access_of("leaf1", FIRST) == Access("192.0.2.1", 8443, "a", "1")


def test_then_ansibles_in_their_order():
    found = access_of("leaf1", without("anta_user", "anta_password", "anta_port"))
    assert (found.user, found.password, found.port) == ("b", "2", 9443)
    assert access_of("leaf1", without("anta_password", "ansible_password")).password == "3"
    names = ("anta_password", "ansible_password", "ansible_httpapi_pass")
    assert access_of("leaf1", without(*names)).password == "4"


@pytest.mark.parametrize(
    ("variables", "tls", "port"),
    [
        ({}, True, 443),
        ({"ansible_httpapi_use_ssl": "no"}, False, 80),
        ({"ansible_httpapi_use_ssl": False, "anta_use_ssl": True}, True, 443),
        ({"ansible_httpapi_use_ssl": "true", "ansible_httpapi_port": "8443"}, True, 8443),
    ],
)
def test_the_port_follows_tls(variables, tls, port):
    found = access_of("leaf1", variables)
    assert (found.host, found.tls, found.port) == ("leaf1", tls, port)


def test_the_enable_secret_is_the_become_password_where_become_is_wanted():
    assert access_of("l", {"ansible_become": True, "ansible_become_password": "x"}).enable == "x"
    assert access_of("l", {"ansible_become": False, "ansible_become_password": "x"}).enable == ""
    assert access_of("l", {"anta_enable": "no", "ansible_become": True}).enable == ""


@pytest.mark.parametrize("port", ["x", 0, 70000])
def test_a_port_that_is_none_is_refused(port):
    with pytest.raises(ValueError, match=r"port|invalid"):
        access_of("leaf1", {"ansible_httpapi_port": port})


def test_a_password_is_in_no_representation():
    assert "1" not in repr(access_of("leaf1", FIRST)).partition("password")[2]
