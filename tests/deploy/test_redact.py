"""Differences are shown without secrets."""

import pytest

from avdlab.deploy.redact import redact

SECRET = "Hush-1234"


@pytest.mark.parametrize(
    "line",
    [
        "+username admin privilege 15 role network-admin secret sha512 {}",
        "-username admin secret 5 {}",
        " enable password sha512 {}",
        "+   neighbor EVPN-OVERLAY-PEERS password 7 {}",
        "+   neighbor 10.0.0.1 password {}",
        "+   ip ospf message-digest-key 1 sha512 7 {}",
        "+   ip ospf message-digest-key 1 md5 7 {}",
        "+   isis authentication key 7 {}",
        "+ntp authentication-key 1 sha1 8a {}",
        "+radius-server host 10.0.0.1 vrf MGMT key 7 {}",
        "+tacacs-server host 10.0.0.1 key 8a {}",
        "+snmp-server community {} ro",
        "+snmp-server user u g v3 localized f5717f auth sha512 {} priv aes256 {}",
        "+   key 0abc1234 7 {}",
        "+   shared-key 7 {}",
        "+   exec /usr/bin/TerminAttr -cvaddr=10.0.0.1:9910 -cvauth=key,{} -taillogs",
    ],
)
def test_values_are_removed_and_the_line_stays(line):
    shown = redact(line.format(SECRET, SECRET))
    assert SECRET not in shown
    assert "<removed>" in shown
    assert shown.split()[0] == line.split()[0]


@pytest.mark.parametrize(
    "line",
    [
        "@@ -10,6 +10,7 @@ interface Ethernet1",
        "+   description to the key account 7 floor",
        "+   neighbor 10.0.0.1 remote-as 65001",
        "+aaa authorization exec default local",
    ],
)
def test_other_lines_are_untouched(line):
    assert redact(line) == line
