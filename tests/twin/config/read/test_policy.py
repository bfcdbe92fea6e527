"""Routing policy is read from both spellings of EOS."""

import pytest

from avdlab.net.addresses import parse_prefix
from avdlab.twin.config.read.policy import as_number, read_policy
from avdlab.twin.config.settings import ListEntry, PolicySettings, PrefixListEntry
from avdlab.twin.config.tree import parse_indented


def read(text: str) -> PolicySettings:
    return read_policy(parse_indented(text))


@pytest.mark.parametrize(
    "text",
    [
        "ip prefix-list P seq 10 permit 10.0.0.0/8 eq 32\nip prefix-list P seq 20 deny 0.0.0.0/0",
        "ip prefix-list P\n   seq 10 permit 10.0.0.0/8 eq 32\n   seq 20 deny 0.0.0.0/0",
        "ip prefix-list P\n   seq 20 deny 0.0.0.0/0\n   seq 10 permit 10.0.0.0/8 eq 32",
        "ip prefix-list P permit 10.0.0.0/8 ge 32 le 32\nip prefix-list P deny 0.0.0.0/0",
    ],
)
def test_prefix_list_on_lines_or_as_section(text: str) -> None:
    assert read(text).prefix_lists["P"] == (
        PrefixListEntry(10, True, parse_prefix("10.0.0.0/8"), 32, 32),
        PrefixListEntry(20, False, parse_prefix("0.0.0.0/0")),
    )


def test_community_lists_of_all_kinds() -> None:
    policy = read(
        "ip community-list C permit 65001:1 65001:2\n"
        "ip community-list regexp R deny 65001:.*\n"
        "ip extcommunity-list E permit soo 10.0.0.1:1\n"
        "ip as-path access-list A permit ^65001_ any"
    )
    assert policy.community_lists["C"] == (ListEntry(True, ("65001:1", "65001:2")),)
    assert policy.community_lists["R"] == (ListEntry(False, ("65001:.*",), regex=True),)
    assert policy.extcommunity_lists["E"] == (ListEntry(True, ("soo 10.0.0.1:1",)),)
    assert policy.as_path_lists["A"] == (ListEntry(True, ("^65001_",), regex=True),)


def test_route_map_sequences_are_sorted_and_keep_their_clauses() -> None:
    policy = read(
        "route-map M permit 20\n"
        "route-map M deny 10\n"
        "   description why\n"
        "   match ip address prefix-list P\n"
        "   sub-route-map S\n"
        "   set local-preference 50\n"
        "   continue 20\n"
    )
    first, second = policy.route_maps["M"]
    assert (first.sequence, first.permit, first.continue_to, first.sub_route_map) == (
        10,
        False,
        20,
        "S",
    )
    assert first.match == (("ip", "address", "prefix-list", "P"),)
    assert first.set == (("local-preference", "50"),)
    assert (second.sequence, second.permit) == (20, True)


def test_access_list_and_peer_filter() -> None:
    policy = read(
        "ip access-list standard S\n   10 permit 10.0.0.0/8\n   20 deny any\n"
        "peer-filter F\n   10 match as-range 65001-65009 result accept\n"
    )
    assert policy.access_lists["S"] == (("permit", "10.0.0.0/8"), ("deny", "any"))
    (entry,) = policy.peer_filters["F"]
    assert (entry.low, entry.high, entry.accept) == (65001, 65009, True)


def test_as_number_in_asdot() -> None:
    assert as_number("65001") == 65001
    assert as_number("1.10") == 65546
