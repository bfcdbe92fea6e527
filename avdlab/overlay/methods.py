"""AAA method lists that would lock the lab out: they ask servers only, and the lab has none."""

SURVIVORS = frozenset({"local", "none"})


def locks_out(methods: object) -> bool:
    """Tell whether a method list (`group tacacs+ local`) ends without a local method.

    EOS asks the next method when a server does not answer, so one local method is enough.
    """
    words = str(methods or "").split()
    return bool(words) and not SURVIVORS & set(words)
