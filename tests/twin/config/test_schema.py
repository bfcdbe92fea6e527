"""Whatever pyavd can render loads without a refused line, prints back, and reads the same flat.

Structured configs are drawn from pyavd's whole schema. One here; tests/acceptance draws many.
"""

from dataclasses import replace

from avdlab.twin.config import grammar
from avdlab.twin.config.canonical import running_text
from avdlab.twin.config.grammar import Match, Mode
from avdlab.twin.config.loader import NOT_EVALUATED, load
from avdlab.twin.config.tree import Config, Line, parse_indented
from tests.twin.config import sensible

ONE = range(41000, 41001)


def refused(text: str) -> list[str]:
    """Return what is refused. The schema allows a static route without a next hop, and timers of
    BGP without a time; EOS does not."""
    return [
        f"{' > '.join((*line.mode, line.line))}: {line.message}"
        for line in load(text).rejected
        if line.code != NOT_EVALUATED
        and not (
            (" route " in line.line or line.line == "timers bgp")
            and line.message.startswith("Incomplete command")
        )
    ]


def misplaced(lines: tuple[Line, ...], mode: Mode, path: tuple[str, ...] = ()) -> list[str]:
    """Return the lines that the mode they stand in does not know: EOS would leave that mode."""
    found: list[str] = []
    before = ""
    for line in lines:
        shape = mode.find(line.words)
        texts = before == "description" or line.text.startswith("feature ")  # bodies, TCAM rules
        if isinstance(shape, Match):
            if shape.shape.opens is not None:
                found += misplaced(line.children, shape.shape.opens, (*path, line.text))
        elif not texts and not shape.reason.startswith("Incomplete command"):
            found.append(" > ".join((*path, line.text)))
        before = line.text
    return found


def unindented(config: Config) -> Config:
    """Drop the indentation in bodies: flat text has none."""
    body = config.body and "\n".join(line.strip() for line in config.body.split("\n"))
    return replace(config, body=body, children=tuple(map(unindented, config.children)))


def check(text: str) -> None:
    assert refused(text) == []
    assert misplaced(parse_indented(text).children, grammar.eos()) == []
    config = load(text).config
    assert load(running_text(config)).config == config
    flat = "\n".join(line.strip() for line in text.splitlines())
    assert unindented(load(flat).config) == unindented(config)


def test_drawn_configs(table_maker):
    table_maker.Drawn = sensible.drawn(table_maker)
    for text in table_maker.rendered(ONE):
        assert len(text.splitlines()) > 1000
        check(text)
