"""What EOS checks or works out beyond the words of a command."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from avdlab.twin.config.grammar import Match
from avdlab.twin.config.values import compress, expand, expand_interfaces, natural

_ALLOWED = "switchport trunk allowed vlan"
_ALL_VLANS = set(range(1, 4095))


def check(match: Match, held: Iterable[Match]) -> str:
    """Return EOS's objection to a well-formed command, or an empty string."""
    if match.key == ("router", "bgp"):
        return _second_as(match, held)
    return ""


def _second_as(match: Match, held: Iterable[Match]) -> str:
    for other in held:
        if other.key == match.key and other.text != match.text:
            return f"BGP is already running with AS number {other.text.split()[-1]}"
    return ""


def expand_instances(match: Match) -> Iterator[Match]:
    """Yield one match for each interface or VLAN of `interface Et1-4` and `vlan 10-12,20`."""
    words = match.text.split(" ")
    if match.shape.text == "interface <interfaces*>":
        names: Iterable[str] = expand_interfaces(words[1])
    elif match.shape.text == "vlan <vlans*>" and match.shape.opens and not _in_bgp(match):
        names = (str(number) for number in expand(words[1]))
    else:
        yield match
        return
    for name in names:
        # lines of an ordered mode stand as they were entered: their order is empty
        order = (match.order[0], natural(name), *match.order[2:]) if match.order else ()
        yield replace(match, text=f"{words[0]} {name}", key=(words[0], name), order=order)


def _in_bgp(match: Match) -> bool:
    """In `router bgp`, `vlan 10-12` is one MAC-VRF, not three VLANs."""
    opens = match.shape.opens
    return opens is not None and not opens.takes("trunk")


def allowed_vlans(match: Match, held: Match | None) -> Match:
    """Work out `switchport trunk allowed vlan add|remove|except` against the list so far."""
    words = match.text.split(" ")
    if not match.text.startswith(_ALLOWED) or words[4] not in {"add", "remove", "except"}:
        return match
    now = _vlans_of(held.text.split(" ")[4]) if held else _ALL_VLANS
    named = set(expand(words[5]))
    result = {"add": now | named, "remove": now - named, "except": _ALL_VLANS - named}[words[4]]
    return replace(match, text=f"{_ALLOWED} {_written(result)}")


def _vlans_of(word: str) -> set[int]:
    if word in {"none", "all"}:
        return set() if word == "none" else set(_ALL_VLANS)
    return set(expand(word))


def _written(vlans: set[int]) -> str:
    if not vlans:
        return "none"
    return "all" if vlans == _ALL_VLANS else compress(vlans)
