"""The terminal as a person and a screen-scraping client see it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


def last(text):
    """Return the line that the cursor stands on."""
    return text.replace("\r", "").rpartition("\n")[2]


def type_in(shell, *lines: str):
    return "".join(shell.feed(f"{line}\r") for line in lines)


def test_the_day_s_message_comes_first(make_shell):
    assert make_shell().start() == "Welcome\r\nleaf1#"


def test_echo_output_and_prompt(shell):
    assert shell.feed("show hostname\r") == (
        "show hostname\r\nHostname: leaf1\r\nFQDN:     leaf1\r\nleaf1#"
    )


@pytest.mark.parametrize(
    ("lines", "prompt"),
    [
        (["disable"], "leaf1>"),
        (["disable", "enable"], "leaf1#"),
        (["conf t"], "leaf1(config)#"),
        (["configure", "int Et1"], "leaf1(config-if-Et1)#"),
        (["configure", "interface Ethernet1-4"], "leaf1(config-if-Ethernet1-4)#"),
        (["configure", "interface Ethernet1", "vlan 10"], "leaf1(config-vlan-10)#"),
        (["configure", "router bgp 65000", "vrf RED"], "leaf1(config-router-bgp-vrf-RED)#"),
        (["configure", "interface Ethernet1", "exit"], "leaf1(config)#"),
        (["configure", "interface Ethernet1", "end"], "leaf1#"),
        (["configure", "exit"], "leaf1#"),
        (["configure session rollout"], "leaf1(config-s-rollou)#"),
        (["configure session rollout", "interface Ethernet1"], "leaf1(config-s-rollou-if-Et1)#"),
        (["configure session rollout", "abort"], "leaf1#"),
        (["configure session rollout", "hostname other", "commit"], "other#"),
    ],
)
def test_prompts(shell, lines, prompt):
    assert last(type_in(shell, *lines)) == prompt


def test_abbreviations(shell):
    assert "description uplink" in type_in(shell, "sh run sec Ethernet1")
    assert "Hostname: leaf1" in type_in(shell, "sh hostn")
    assert "% Ambiguous command" in type_in(shell, "co")
    type_in(shell, "conf t", "int Et1", "desc short", "sh hostn", "end")
    assert "description short" in type_in(shell, "show running-config section Ethernet1")


def test_wrong_command_says_where(shell):
    assert "% Invalid input (at token 1: 'nonsense')\r\n" in type_in(shell, "show nonsense")


def test_enable_secret_is_asked_and_not_echoed(make_shell):
    shell = make_shell("enable secret 0 hidden\n", privilege=1)
    assert last(shell.start()) == "leaf1>"
    assert shell.feed("enable\r") == "enable\r\nPassword: "
    assert shell.feed("wrong\r") == "\r\n% Bad secret\r\nPassword: "
    assert shell.feed("hidden\r") == "\r\nleaf1#"
    assert "leaf1(config)#" in type_in(shell, "configure")


def test_unprivileged_users_are_refused(make_shell):
    assert "% Invalid input (privileged mode required)" in type_in(
        make_shell(privilege=1), "show running-config"
    )


def test_banner_is_taken_up_to_eof(shell):
    type_in(shell, "configure", "banner login", "line one", "   show version", "EOF", "end")
    assert "banner login\r\nline one\r\n   show version\r\nEOF" in type_in(
        shell, "show running-config"
    )


def test_pages(make_shell):
    shell = make_shell(height=5)
    first = shell.feed("show running-config\r")
    assert first.endswith(" --More-- ")
    assert first.count("\r\n") == 5  # the command's own line and four of the output
    assert shell.feed("\r").count("\r\n") == 1
    assert shell.feed(" ").count("\r\n") == 4
    assert shell.feed("q").endswith("\rleaf1#")
    assert "Pagination disabled.\r\n" in shell.feed("terminal length 0\r")
    assert "--More--" not in shell.feed("show running-config\r")


def test_question_mark_lists_what_comes_next(shell):
    assert "  running-config\r\n" in shell.feed("show ?")
    assert shell.feed("\x15") != ""
    listed = shell.feed("show host?")
    assert "  hostname\r\n" in listed
    assert last(listed) == "leaf1#show host"
    type_in(shell, "\x15configure", "interface Ethernet1")
    assert "  mtu\r\n" in shell.feed("m?")
    assert "<cr>" in shell.feed("\x15shutdown ?")


def test_tab_completes(shell):
    assert shell.feed("sho\thostn\t") == "show hostname "
    assert "Hostname: leaf1" in shell.feed("\r")
    type_in(shell, "configure")
    assert shell.feed("inter\t") == "interface "


def test_editing_and_history(shell):
    assert "Hostname" in shell.feed("show hostnameX\x7f\r")
    assert "Hostname" in shell.feed("\x1b[A\r")
    assert "Hostname" in shell.feed("how hostname\x01s\r")
    assert last(shell.feed("garbage\x03")) == "leaf1#"
    assert "Hostname" in shell.feed("show nothing\x17hostname\r")


def test_line_ends_with_cr_lf_or_both(shell):
    for end in ("\r", "\n", "\r\n"):
        assert shell.feed(f"show hostname{end}").count("leaf1#") == 1


@pytest.mark.parametrize("word", ["exit", "logout", "quit", "\x04"])
def test_leaving_ends_the_login(shell, word):
    shell.feed(word if word == "\x04" else f"{word}\r")
    assert shell.closed


def test_a_session_stays_pending_when_the_terminal_goes(shell):
    type_in(shell, "configure session left", "hostname other")
    shell.close()
    assert shell.session.node.store.session("left").candidate.first("hostname other")


def test_control_z_leaves_configuration(shell):
    type_in(shell, "configure", "interface Ethernet1")
    assert last(shell.feed("\x1a")) == "leaf1#"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_no_keys_crash_the_shell(make_shell, text):
    assert "Internal error" not in make_shell().feed(text + "\r")
