"""Commands that older releases of EOS spell otherwise, as today's EOS spells them.

EOS itself reads the old words and prints the new ones; a recording of an old release has the old
ones in its `show running-config`.
"""

import re

# what stands in the line, what stands there today; indentation is kept
_SPELLINGS: tuple[tuple[str, str], ...] = (
    (r"arp timeout (\d+)", r"arp aging timeout \1"),
    (r"neighbor (\S+) fall-over bfd", r"neighbor \1 bfd"),
    (
        r"neighbor (\S+) soft-reconfiguration inbound( all)?",
        r"neighbor \1 rib-in pre-policy retain\2",
    ),
    (r"vrrp (\d+) ip (\S+)( secondary)?", r"vrrp \1 ipv4 \2\3"),
    (r"vrrp (\d+) priority (\d+)", r"vrrp \1 priority-level \2"),
    (r"vrrp (\d+) timers advertise (\d+)", r"vrrp \1 advertisement interval \2"),
    (r"bfd all-interfaces", r"bfd default"),
)
_LINE = re.compile(r"^(\s*)(.*?)\s*$")
_OLD = [(re.compile(old), new) for old, new in _SPELLINGS]


def today(config: str) -> str:
    """Return a configuration with today's words."""
    return "\n".join(map(_line, config.split("\n")))


def _line(text: str) -> str:
    found = _LINE.match(text)
    indent, words = (found[1], found[2]) if found is not None else ("", text)
    for old, new in _OLD:
        match = old.fullmatch(words)
        if match is not None:
            return indent + match.expand(new)
    return text
