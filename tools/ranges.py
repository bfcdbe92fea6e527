"""Put the ranges of numbers, as pyavd's schema has them, into avdlab/twin/config/grammar.txt.

`grammar.py` learns which words of a command are values, not which values. Here random structured
configs are drawn again, and every number in a rendered line is looked for among the integers that
were drawn: the one key of the schema that explains it every time gives the range. Run after it:
`python tools/ranges.py > /tmp/grammar.txt && mv /tmp/grammar.txt avdlab/twin/config/`.
"""

import pickle
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import grammar as maker
from pyavd.templater import Templar

from avdlab.twin.config.grammar import Match, Mode, parse
from avdlab.twin.config.tree import Line, parse_indented

ROUNDS = range(500, 580)
ENOUGH = 4  # different numbers at a place, before a range is believed
TABLE = Path(__file__).parents[1] / "avdlab" / "twin" / "config" / "grammar.txt"
Place = tuple[tuple[str, ...], int]  # a command below its modes, as the table has it; which word
Range = tuple[int, int]


@dataclass(slots=True)
class Drawn(maker.Drawn):
    """Draws values, and notes which key every integer was drawn for."""

    numbers: dict[str, set[Range | None]] = field(default_factory=lambda: defaultdict(set))

    def _int(self, node: dict[str, Any], name: str) -> int:
        number = maker.Drawn._int(self, node, name)
        known = "min" in node and "max" in node and "valid_values" not in node
        self.numbers[str(number)].add((node["min"], node["max"]) if known else None)
        return number

    def value(self, node: dict[str, Any], name: str = "") -> Any:  # noqa: ANN401
        found = maker.Drawn.value(self, node, name)
        if isinstance(found, str):  # a name that is a number explains one, too
            for digits in re.findall(r"\d+", found):
                self.numbers[digits].add(None)
        return found


def rendered(seeds: Iterable[int]) -> Iterator[tuple[str, Mapping[str, set[Range | None]]]]:
    """Yield what each key of the schema renders, with the ranges that its numbers were drawn from.

    Key by key: the fewer numbers are drawn together, the fewer are equal by chance.
    """
    path = "_eos_cli_config_gen/schema/eos_cli_config_gen.schema.pickle"
    schema = pickle.loads(resources.files("pyavd").joinpath(path).read_bytes())  # noqa: S301
    templar = Templar(precompiled_templates_path=maker.COMPILED)
    for seed in seeds:
        for at, (key, node) in enumerate(schema["keys"].items()):
            if key in maker._SKIPPED or (node.get("deprecation") or {}).get("removed"):
                continue
            drawn = Drawn(seed * 1000 + at, schema)
            drawn.special = maker.compared_with(key)
            part = {key: maker.named(key, drawn.value(node, key))}
            try:
                text = templar.render_template_from_file(maker._TEMPLATE, part)
            except Exception:  # noqa: BLE001, S112  (the schema does not tell all that it wants)
                continue
            yield text, drawn.numbers


@dataclass(slots=True)
class Seen:
    """What was seen at a place: the ranges that explain every number, and the numbers."""

    ranges: set[Range | None] | None = None
    numbers: set[str] = field(default_factory=set)
    words: bool = False  # other words than numbers stand there, too

    def add(self, word: str, drawn: Mapping[str, set[Range | None]]) -> None:
        if not word.isdigit():
            self.words = True
            return
        explained = drawn.get(word, {None})
        self.ranges = set(explained) if self.ranges is None else self.ranges & explained
        self.numbers.add(word)

    @property
    def range(self) -> Range | None:
        """The range, if there is one, and the numbers did not meet in it by chance."""
        if self.words or self.ranges is None or len(self.ranges) != 1:
            return None
        (found,) = self.ranges
        few = found is not None and len(self.numbers) < min(ENOUGH, found[1] - found[0] + 1)
        return None if few else found


def look(
    lines: tuple[Line, ...],
    mode: Mode,
    path: tuple[str, ...],
    drawn: Mapping[str, set[Range | None]],
    seen: dict[Place, Seen],
) -> None:
    """Note what stands at the values of the commands."""
    for line in lines:
        found = mode.find(line.words, fits=maker.lenient)
        if not isinstance(found, Match):
            continue
        here = (*path, found.shape.text)
        tokens = found.shape.text.replace(" ~", "").split()
        if "[" not in found.shape.text and len(tokens) == len(line.words):
            for at, (token, word) in enumerate(zip(tokens, line.words, strict=True)):
                if is_open(token):
                    seen[here, at].add(word, drawn)
        elif tokens[-1].startswith("<text..."):
            seen[here, len(tokens) - 1].words = True
        if found.shape.opens is not None:
            look(line.children, found.shape.opens, here, drawn, seen)


def is_open(token: str) -> bool:
    """Tell whether a placeholder takes any word."""
    return token in {"<v>", "<v*>", "<text...>", "<text...*>"}


def with_ranges(table: str, found: Mapping[Place, Range]) -> Iterator[str]:
    """Yield the lines of the table, the ranges put in. A line that ends in any text stays beside
    its range: not every form of a command was drawn."""
    path: list[str] = []
    for line in table.splitlines():
        text, _, flags = line.strip().partition(" {")
        depth = (len(line) - len(line.lstrip())) // 3
        path[depth:] = [text]
        words = text.split()
        indent = line[: len(line) - len(line.lstrip())]
        at = -1
        for position, word in enumerate(words):
            at += word != "~"
            limits = found.get((tuple(path), at)) if is_open(word) else None
            if limits is not None:
                star = "*" if word.endswith("*>") else ""
                words[position] = f"<{limits[0]}-{limits[1]}{star}>"
        fresh = indent + " ".join(words) + (f" {{{flags}" if flags else "")
        yield fresh
        if text.endswith(("<text...>", "<text...*>")) and not text.endswith(words[-1]):
            yield line


def main() -> None:
    """Print the table."""
    table = TABLE.read_text("utf-8")
    known = parse(table)
    seen: dict[Place, Seen] = defaultdict(Seen)
    for text, drawn in rendered(ROUNDS):
        look(parse_indented(text).children, known, (), drawn, seen)
    found = {place: one.range for place, one in seen.items() if one.range is not None}
    sys.stdout.write("\n".join(with_ranges(table, found)) + "\n")


if __name__ == "__main__":
    main()
