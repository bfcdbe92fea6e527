"""What the lab changes, that it says so, and that it changes nothing else."""

from collections.abc import Mapping
from typing import Any

import pytest

from avdlab.overlay import overlay, overlay_text
from avdlab.overlay.model import LabConfigs, LabUser
from avdlab.overlay.user import sha512_secret
from avdlab.render import render_config
from avdlab.render.model import Rendered, RenderedDevice

USER = LabUser("lab", "secret")
MANAGEMENT = {"name": "Management1", "vrf": "MGMT", "ip_address": "192.0.2.5/24", "type": "oob"}


def device(name: str, **config: Any) -> RenderedDevice:
    structured = {"hostname": name, "management_interfaces": [MANAGEMENT], **config}
    return RenderedDevice(name, "FAB", structured, render_config(structured))


def run(*devices: RenderedDevice, enabled: bool = True) -> LabConfigs:
    return overlay(Rendered({d.name: d for d in devices}), USER, enabled=enabled)


def what(configs: LabConfigs) -> list[str]:
    return [change.what for change in configs.changes]


def reachable() -> Mapping[str, Any]:
    """What a design has that the lab need not change."""
    user = {
        "name": USER.name,
        "privilege": 15,
        "role": "network-admin",
        "sha512_password": sha512_secret(USER),
    }
    api = {"enable_https": True, "enable_vrfs": [{"name": "MGMT"}]}
    return {"local_users": [user], "management_api_http": api}


def test_a_device_that_needs_nothing_keeps_its_bytes():
    intended = device("a", **reachable())
    configs = run(intended)
    assert configs.changes == ()
    assert configs.devices["a"].config is intended.config


def test_not_enabled_leaves_all_as_intended():
    intended = device("a")
    configs = run(intended, enabled=False)
    assert configs.changes == ()
    assert configs.devices["a"].config is intended.config


def test_eapi_and_user_are_added_and_the_intended_config_stays():
    intended = device("a", local_users=[{"name": "admin", "no_password": True}])
    configs = run(intended)
    assert what(configs) == ["eAPI over HTTPS enabled in VRF MGMT", "user lab added"]
    text = configs.devices["a"].config
    assert "management api http-commands\n   protocol https\n   no shutdown" in text
    assert "   vrf MGMT\n      no shutdown" in text
    assert "username admin" in text
    assert "username lab privilege 15 role network-admin secret sha512 $6$" in text
    assert "username lab" not in intended.config
    assert "management_api_http" not in intended.structured_config


def test_eapi_of_another_vrf_is_extended():
    configs = run(device("a", management_api_http={"enable_https": False}))
    assert what(configs)[:2] == ["eAPI over HTTPS enabled", "eAPI enabled in VRF MGMT"]


def test_a_user_of_the_same_name_is_replaced():
    configs = run(device("a", local_users=[{"name": "lab", "no_password": True}]))
    assert "user lab replaced" in what(configs)
    assert "nopassword" not in configs.devices["a"].config


def test_same_input_same_bytes_and_the_password_verifies():
    from pyavd_utils.passwords import sha512_crypt

    secret = sha512_secret(USER)
    assert secret == sha512_secret(USER)
    assert sha512_crypt("secret", secret.split("$")[2]) == secret
    assert run(device("a")).devices == run(device("a")).devices


def test_missing_management_address_is_taken_from_the_fabrics_network():
    configs = run(device("a"), device("b", management_interfaces=[]))
    assert "Management0 has the address 192.0.2.254/24" in what(configs)
    text = configs.devices["b"].config
    assert "interface Management0\n   no shutdown\n   vrf MGMT\n   ip address" in text
    assert "vrf instance MGMT" in text


@pytest.mark.parametrize(
    ("methods", "expected"),
    [("group tacacs+", True), ("group tacacs+ local", False), ("local", False), ("none", False)],
)
def test_login_that_asks_servers_only_is_made_local(methods: str, expected: bool):
    intended = device("a", aaa_authentication={"login": {"default": methods}})
    configs = run(intended)
    assert any("aaa_authentication" in text for text in what(configs)) == expected
    assert ("aaa authentication login default local" in configs.devices["a"].config) == (
        expected or methods == "local"
    )


def test_command_authorization_by_servers_is_made_local():
    aaa = {
        "exec": {"default": "group tacacs+"},
        "commands": {
            "all_default": "group tacacs+",
            "privilege": [{"level": "15", "default": "group x"}],
        },
    }
    text = run(device("a", aaa_authorization=aaa)).devices["a"].config
    assert "group" not in text


RECORDED = """\
! device: a
hostname a
!
aaa authorization exec default group tacacs+
!
interface Management1
   vrf MGMT
   ip address 192.0.2.1/24
!
end
"""


def test_texts_get_the_missing_lines_before_end():
    configs = overlay_text({"a": RECORDED}, USER)
    text = configs.devices["a"].config
    assert text.startswith(RECORDED.removesuffix("!\nend\n"))
    assert text.endswith("end\n")
    assert "   vrf MGMT\n      no shutdown\n" in text
    assert "aaa authorization exec default local\n" in text
    assert len(configs.changes) == 3


def test_texts_with_eapi_are_not_changed_twice():
    once = overlay_text({"a": RECORDED}, USER).devices["a"].config
    again = overlay_text({"a": once}, USER)
    assert [c.what for c in again.changes if "eAPI" in c.what or "user" in c.what] == []


def test_texts_without_management_interface_use_the_default_vrf():
    text = overlay_text({"a": "hostname a\n"}, USER).devices["a"].config
    assert "management api http-commands\n   protocol https\n   no shutdown\n" in text
    assert "vrf" not in text
