"""When a node's eAPI answers: the running-config decides, as on a switch."""

from avdlab.net.addresses import parse_interface_address
from avdlab.twin.config.settings import (
    DeviceSettings,
    EapiSettings,
    InterfaceSettings,
    SystemSettings,
)
from avdlab.twin.eapi.served import served

ADDRESS = parse_interface_address("172.16.1.11/24")
MANAGEMENT = InterfaceSettings("Management0", vrf="MGMT", address=ADDRESS)
VLAN = InterfaceSettings("Vlan10", address=parse_interface_address("10.0.0.1/24"))


def settings(eapi, *interfaces: InterfaceSettings):
    return DeviceSettings(
        system=SystemSettings(eapi=eapi), interfaces={i.name: i for i in interfaces}
    )


def ask(eapi, *interfaces: InterfaceSettings, management=ADDRESS, up=True):
    return served(settings(eapi, *interfaces), management, lambda _: up)


ENABLED = EapiSettings(shutdown=False, vrfs={"MGMT": True})


def test_open():
    answer = ask(ENABLED, MANAGEMENT)
    assert (answer.https, answer.http, answer.reason) == (True, False, "")


def test_http_when_asked():
    assert ask(EapiSettings(False, http=True, vrfs={"MGMT": True}), MANAGEMENT).http


def test_shut_by_default():
    assert "shut down" in ask(EapiSettings(), MANAGEMENT).reason


def test_no_protocol():
    assert "no protocol" in ask(EapiSettings(False, https=False), MANAGEMENT).reason


def test_wrong_vrf():
    assert "VRF MGMT" in ask(EapiSettings(False), MANAGEMENT).reason
    assert "every VRF" in ask(EapiSettings(False, vrfs={"MGMT": False}), MANAGEMENT).reason


def test_management_address_gone():
    assert "172.16.1.11" in ask(ENABLED, VLAN).reason


def test_management_port_shut():
    shut = InterfaceSettings("Management0", vrf="MGMT", address=ADDRESS, shutdown=True)
    assert "Management0" in ask(ENABLED, shut).reason


def test_in_band_follows_the_fabric():
    eapi = EapiSettings(False)
    assert ask(eapi, VLAN, management=VLAN.address).open
    assert not ask(eapi, VLAN, management=VLAN.address, up=False).open


def test_any_address_will_do_when_none_is_named():
    assert ask(EapiSettings(False), VLAN, management=None).open
    assert not ask(EapiSettings(False), management=None).open
