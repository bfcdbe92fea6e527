"""What the access lists of the design say of a ping."""

from avdlab.net.addresses import parse_ipv4, parse_prefix

_TYPES = {"echo": "echo", "8": "echo", "echo-reply": "echo-reply", "0": "echo-reply"}


def permits(lines: tuple[str, ...] | None, source: str, destination: str, kind: str) -> bool | None:
    """Tell whether a list lets an ICMP message (echo, echo-reply) pass; None: it says too much.

    EOS: a list that does not exist lets everything pass, the end of one denies.
    """
    if lines is None:
        return True
    for line in lines:
        action, *words = line.split()
        if action not in {"permit", "deny"}:
            continue
        matched = _matches(words, source, destination, kind)
        if matched is None:
            return None
        if matched:
            return action == "permit"
    return False


def _matches(words: list[str], source: str, destination: str, kind: str) -> bool | None:
    protocol, rest = words[0], words[1:]
    if protocol not in {"ip", "icmp", "1"}:
        return False  # no ping
    try:
        from_here, rest = _address(rest, source)
        to_there, rest = _address(rest, destination)
    except (ValueError, IndexError):
        return None
    options = [word for word in rest if word not in {"log", "tracked"}]
    if options and (len(options) > 1 or options[0] not in _TYPES):
        return None
    typed = not options or _TYPES[options[0]] == kind
    return from_here and to_there and typed


def _address(words: list[str], address: str) -> tuple[bool, list[str]]:
    if words[0] == "any":
        return True, words[1:]
    if words[0] == "host":
        return words[1] == address, words[2:]
    if "/" in words[0]:
        return parse_prefix(words[0]).contains(parse_ipv4(address)), words[1:]
    if len(words) > 1 and words[1].count(".") == 3 and words[1].startswith(("0.", "255.")):
        care = ~parse_ipv4(words[1]) & 0xFFFFFFFF  # a wildcard mask
        return parse_ipv4(address) & care == parse_ipv4(words[0]) & care, words[2:]
    return words[0] == address, words[1:]
