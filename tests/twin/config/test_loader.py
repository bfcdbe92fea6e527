"""Whole texts: indented or flat, recorded or rendered, good or bad."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avdlab.twin.config.canonical import running_text
from avdlab.twin.config.loader import NOT_EVALUATED, load
from avdlab.twin.config.tree import Config, parse_indented


def flat(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines())


def lines_of(config: Config, path: tuple[str, ...] = ()) -> set[tuple[tuple[str, ...], str]]:
    found: set[tuple[tuple[str, ...], str]] = set()
    for line in config.children:
        found.add((path, line.text))
        found |= lines_of(line, (*path, line.text))
    return found


DROPPED = {"no shutdown", "switchport", "exit"}  # what EOS does not print


def lost(text: str, config: Config) -> set[tuple[tuple[str, ...], str]]:
    missing = lines_of(parse_indented(text)) - lines_of(config)
    return {entry for entry in missing if entry[1] not in DROPPED}


def test_a_leaf_is_loaded_without_loss(leaf):
    loaded = load(leaf)
    assert loaded.rejected == ()
    assert not lost(leaf, loaded.config)
    banner = loaded.config.first("banner motd")
    assert banner is not None
    assert banner.body == "Welcome  to leaf1\n   interface Ethernet9"


def test_flat_text_gives_the_same_tree(leaf):
    text = leaf.replace("   interface Ethernet9", "interface Ethernet9")
    assert load(flat(text)).config == load(text).config


def test_recorded_configs_load_without_a_refused_or_lost_line(recorded):
    for name, text in recorded.items():
        loaded = load(text)
        assert loaded.rejected == (), name
        assert not lost(text, loaded.config), name


def test_recorded_configs_are_the_same_flat_and_after_printing(recorded):
    for name, text in recorded.items():
        config = load(text).config
        assert load(flat(text)).config == config, name
        assert load(running_text(config)).config == config, name


def test_loading_goes_on_after_a_bad_line():
    text = "hostname a\nfoo bar\ninterface Ethernet1\n   mtu x\n   description ok\n"
    loaded = load(text)
    assert [(line.number, line.mode, line.message) for line in loaded.rejected] == [
        (2, (), "Invalid input (at token 0: 'foo')"),
        (4, ("interface Ethernet1",), "Invalid input (at token 1: 'x')"),
    ]
    assert loaded.config.has("hostname a")
    assert loaded.config.children[1].has("description ok")


@pytest.mark.parametrize(
    "text",
    [
        "interface Foo1\n   description x\n   ip address 1.0.0.1/24\nhostname a\n",
        "interface Foo1\ndescription x\nip address 1.0.0.1/24\nhostname a\n",
    ],
)
def test_lines_of_a_refused_mode_are_not_applied_elsewhere(text):
    loaded = load(text)
    assert [line.code == NOT_EVALUATED for line in loaded.rejected] == [False, True, True]
    assert [line.text for line in loaded.config.children] == ["hostname a"]


def test_loading_on_top_of_a_config_merges(leaf):
    config = load("interface Ethernet1\n   mtu 9000\n", load(leaf).config).config
    port = config.first("interface Ethernet1")
    assert port is not None
    assert port.has("mtu 9000")
    assert port.has("description to spine1")


LINES = (
    "router bgp 1|vrf A|   neighbor A bfd|interface Et1|banner motd|EOF|end|   no shutdown"
    "|vlan 10-12|  name x|!|no vlan 11|route-map A|comment"
)


@settings(max_examples=200)
@given(st.lists(st.sampled_from(LINES.split("|")) | st.text(max_size=10), max_size=12))
def test_no_text_breaks_the_loader_and_what_it_keeps_can_be_printed(lines):
    config = load("\n".join(lines)).config
    assert load(running_text(config)).config == config


def test_a_comment_of_blanks_prints_back():
    config = load("router bgp 1\ncomment\n \nEOF\n").config
    assert load(running_text(config)).config == config
