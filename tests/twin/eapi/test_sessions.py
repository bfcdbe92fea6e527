"""Configuration over eAPI: sessions, timers, terminal, files; as deploy tools use them."""

import time

import pytest


@pytest.fixture
def name(request):
    """A session name of its own for each test: a completed session cannot be entered again."""
    return f"s-{request.node.name.removeprefix('test_')[:30]}"


def state(lab, name):
    """Return the state of a session, or "" when there is none."""
    sessions = lab.run("leaf1", "show configuration sessions detail")[0]["sessions"]
    return sessions.get(name, {}).get("state", "")


def test_session_commits(lab, name):
    lab.run("leaf1", f"configure session {name}", "interface Ethernet1", "description new", "end")
    assert state(lab, name) == "pending"
    diff = lab.text("leaf1", f"show session-config named {name} diffs")
    assert diff.startswith(f"--- system:/running-config\n+++ session:/{name}-session-config\n@@")
    assert "+   description new" in diff
    lab.run("leaf1", f"configure session {name} commit")
    assert "description new" in lab.text("leaf1", "show running-config section Ethernet1")
    assert lab.text("leaf1", "show running-config diffs") != ""


def test_session_aborts(lab, name):
    lab.run("leaf1", f"configure session {name}", "hostname other")
    lab.run("leaf1", f"configure session {name} abort")
    assert state(lab, name) == ""
    assert lab.run("leaf1", "show hostname")[0]["hostname"] == "leaf1"


def test_whole_configuration_replaced_changes_nothing(lab, name):
    text = lab.text("leaf1", "show running-config")
    lines = [line.strip() for line in text.splitlines() if not line.startswith("!")]
    flat = [line for line in lines if line not in {"", "!", "end"}]
    lab.run("leaf1", f"configure session {name}", "rollback clean-config", *flat, "end")
    assert lab.text("leaf1", f"show session-config named {name} diffs") == ""
    lab.run("leaf1", f"configure session {name}", "abort")


def test_rejected_line_leaves_the_session_pending(lab, name):
    reply = lab.call(
        "leaf1", f"configure session {name}", "interface Ethernet1", "foo bar", "description x"
    )
    assert reply["error"]["code"] == 1002
    assert reply["error"]["message"].startswith("CLI command 3 of 4 'foo bar' failed")
    assert state(lab, name) == "pending"


def test_commit_timer_is_confirmed(lab, name):
    lab.run("leaf1", f"configure session {name}", "hostname timed", "commit timer 00:10:00")
    assert lab.run("leaf1", "show hostname")[0]["hostname"] == "timed"
    lab.run("leaf1", f"configure session {name} commit")
    assert lab.run("leaf1", "show hostname")[0]["hostname"] == "timed"


def test_commit_timer_runs_out(lab, name):
    lab.run("leaf1", f"configure session {name}", "hostname timed", "end")
    lab.run("leaf1", f"configure session {name} commit timer 00:00:01")
    assert lab.run("leaf1", "show hostname")[0]["hostname"] == "timed"
    deadline = time.monotonic() + 5
    while lab.run("leaf1", "show hostname")[0]["hostname"] == "timed":
        assert time.monotonic() < deadline, "the timer did not run out"


def test_banner_comes_as_input(lab, name):
    lab.run(
        "leaf1",
        f"configure session {name}",
        {"cmd": "banner motd", "input": "hello\nworld\n"},
        f"configure session {name} commit",
    )
    assert "banner motd\nhello\nworld\nEOF" in lab.text("leaf1", "show running-config")


def test_configure_terminal_applies_at_once(lab):
    lab.run("leaf1", "configure terminal", "interface Ethernet1", "shutdown")
    assert "shutdown" in lab.text("leaf1", "show running-config section Ethernet1")


def test_write_survives_a_restart_and_unsaved_changes_do_not(own_lab):
    lab = own_lab
    lab.run("leaf1", "configure", "hostname saved", "end", "write memory")
    assert lab.text("leaf1", "show running-config diffs") == ""
    lab.run("leaf1", "configure", "hostname lost")
    assert lab.stop() == 0
    lab.start()
    assert lab.run("leaf1", "show hostname")[0]["hostname"] == "saved"


def test_flash_files(lab):
    saved = lab.run("leaf1", "copy running-config flash:backup")[0]
    assert saved == {"messages": ["Copy completed successfully."]}
    lab.run("leaf1", "configure", "hostname other", "end", "configure replace flash:backup")
    assert lab.run("leaf1", "show hostname")[0]["hostname"] == "leaf1"
    assert "backup" in lab.text("leaf1", "dir flash:")
    file = lab.folder / "nodes" / "leaf1" / "flash" / "backup"
    assert file.stat().st_mode & 0o777 == 0o600
    assert lab.call("leaf1", "copy flash:nothing running-config")["error"]["code"] == 1000


def test_checkpoints(lab):
    lab.run("leaf1", "configure checkpoint save before")
    lab.run("leaf1", "configure", "hostname other", "end", "configure checkpoint restore before")
    assert lab.run("leaf1", "show hostname")[0]["hostname"] == "leaf1"
    assert "before" in lab.run("leaf1", "show configuration checkpoints")[0]["checkpoints"]


def test_privileged_commands_want_enable(lab):
    lab.run("leaf1", "configure", "no aaa authorization exec default local")
    for command in ("configure", "show running-config", "write memory", "bash timeout 10 df -h"):
        reply = lab.call("leaf1", command, format="text")
        assert reply["error"]["data"][0]["errors"] == ["Invalid input (privileged mode required)"]
    assert (
        "Filesystem"
        in lab.run("leaf1", "enable", "bash timeout 10 df -h", format="text")[1]["output"]
    )


def test_enable_secret(lab):
    secret = "enable secret sha512 "
    running = lab.text("leaf1", "show running-config")
    digest = running.partition("secret sha512 ")[2].split()[0]
    lab.run("leaf1", "configure", secret + digest, "no aaa authorization exec default local")
    refused = lab.call("leaf1", {"cmd": "enable", "input": "wrong"})["error"]
    assert refused["code"] == 1005
    assert refused["data"] == [{"errors": ["", "Cannot authenticate unknown uid 10095"]}]
    lab.run("leaf1", {"cmd": "enable", "input": "arista"}, "show running-config")


def test_the_way_of_ansible(lab, name):
    """One request fills the session in flat lines, the next one diffs and commits, all in text."""
    running = lab.text("leaf1", "show running-config")
    flat = [line.strip() for line in running.splitlines()]
    flat = [line for line in flat if line and not line.startswith(("!", "#"))]
    flat.insert(flat.index("interface Loopback0") + 1, "description by ansible")
    enable = {"cmd": "enable", "input": ""}
    assert "pending" not in lab.text("leaf1", "show configuration sessions").partition("Name")[2]
    enter = f"configure session {name}"
    lab.run("leaf1", enable, enter, "rollback clean-config", *flat, format="text")
    answers = lab.run("leaf1", enable, enter, "show session-config diffs", "commit", format="text")
    changed = [
        line for line in answers[2]["output"].splitlines()[2:] if line.startswith(("+", "-"))
    ]
    assert changed == ["+   description by ansible"]
    lab.run("leaf1", "copy running-config startup-config")
    assert lab.text("leaf1", "show running-config diffs") == ""


def test_the_way_of_napalm(lab, name):
    """A rollback file, a commit with a timer, and the way back by replacing the configuration."""
    enter = f"configure session {name}"
    lab.run("leaf1", "enable", enter, "hostname napalm", "end")
    lab.run(
        "leaf1",
        "enable",
        "copy startup-config flash:rollback-0",
        f"{enter} commit timer 00:05:00",
        format="text",
    )
    listed = lab.run("leaf1", "show configuration sessions detail", "show version")
    left = listed[0]["commitTimerExpireTime"] - listed[1]["uptime"]
    assert 290 < left <= 300
    lab.run("leaf1", f"{enter} commit", "write memory", format="text")
    lab.run("leaf1", "configure replace flash:rollback-0", "write memory", format="text")
    assert lab.run("leaf1", "show hostname")[0]["hostname"] == "leaf1"


def test_a_second_session_waits_for_a_commit_timer(lab, name):
    first, second = f"configure session {name}-1", f"configure session {name}-2"
    lab.run("leaf1", first, "hostname one", f"{first} commit timer 00:05:00")
    lab.run("leaf1", second, "hostname two", "end")
    assert lab.call("leaf1", f"{second} commit")["error"]["code"] == 1000
    lab.run("leaf1", f"{first} abort")
    assert lab.run("leaf1", "show hostname")[0]["hostname"] == "leaf1"


def test_five_pending_sessions_are_the_most(lab, name):
    for number in range(5):
        lab.run("leaf1", f"configure session {name}-{number}", "end")
    errors = lab.call("leaf1", "configure session one-more")["error"]["data"][0]["errors"]
    assert "Maximum number of pending sessions has been reached" in errors[0]


def test_copy_from_the_terminal_into_a_session(lab, name):
    answers = lab.run(
        "leaf1",
        f"configure session {name}",
        {"cmd": "copy terminal: session-config", "input": "hostname typed\n\x04"},
        "show session-config diffs",
        format="text",
    )
    assert "Copy completed successfully." in answers[1]["output"]
    assert "+hostname typed" in answers[2]["output"]
