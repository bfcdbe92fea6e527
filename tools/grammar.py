"""Make avdlab/twin/config/grammar.txt: every command that pyavd's templates can print.

Random structured configs are drawn from pyavd's own schema, with markers for values, and rendered
with pyavd's templates. What comes out shows each command, its mode and which words are values.
`grammar-eos.txt` beside this file comes first: its commands have checked values, it says what
identifies them, and they stand for all the lines that they match. Run:
`python tools/grammar.py > /tmp/grammar.txt && mv /tmp/grammar.txt avdlab/twin/config/`,
and then ranges.py, which finds out what numbers the values may be.
"""

import ast
import logging
import pickle
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from pyavd.constants import EOS_CLI_CONFIG_GEN_JINJA2_CONFIG_TEMPLATE as _TEMPLATE
from pyavd.constants import EOS_CLI_CONFIG_GEN_JINJA2_PRECOMPILED_TEMPLATE_PATH as COMPILED
from pyavd.templater import Templar

from avdlab.twin.config.grammar import Match, Mode, parse
from avdlab.twin.config.tree import Line, parse_indented
from avdlab.twin.config.values import fits

ROUNDS = 160
SURE = 3  # words of a learnt command that must be right; one less in the modes
# words that start commands of the global mode too: in a mode they take the one word that was seen
GLOBAL_TOO = {"vrf", "vlan", "hostname", "username", "mac", "ip", "application"}
FAMILIES = {"ip", "ipv6", "mac"}  # families of commands in every mode: as sure as in the global
PROTOCOLS = ("tcp", "udp", "icmp")  # words that templates look for in ways that are hard to find
SPECIAL = 0.2  # how often a string is one of the words that its template looks for
MANY = 9  # so many choices are taken for a value
DEEPEST = 8  # words of a learnt command that are looked at
MARK = "Zz"
_VALUE = re.compile(
    rf"\S*(?i:{MARK})\d+\S*|\d[\d.,:/_-]*|[0-9a-f]*:[0-9a-f:]*(/\d+)?|(Ethernet|Loopback|Vlan)\d+|\"[^\"]*\""
)
_SKIPPED = {"eos_cli", "raw_eos_cli", "custom_templates", "metadata", "config_end", "tokens"}
_KINDS = {
    "ethernet_interfaces": "Ethernet",
    "port_channel_interfaces": "Port-Channel",
    "loopback_interfaces": "Loopback",
    "vlan_interfaces": "Vlan",
    "tunnel_interfaces": "Tunnel",
    "management_interfaces": "Management",
    "dps_interfaces": "Dps",
}
_EXAMPLES = {
    "ipv4": "10.1.{}.1",
    "ipv4_cidr": "10.1.{}.1/24",
    "ipv6": "2001:db8::{}",
    "ipv6_cidr": "2001:db8::{}/64",
    "cidr": "10.1.{}.0/24",
    "ip": "10.1.{}.1",
    "mac": "00:1c:73:00:00:{:02x}",
}


@dataclass(slots=True)
class Drawn:
    """Draws random values that fit the schema."""

    seed: int
    schema: dict[str, Any]
    count: int = 0
    special: dict[str, list[str]] = field(default_factory=dict)  # words that the template knows
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)  # noqa: S311

    # `name` is the key that holds the value; in a dict, also a key that must be there
    def value(self, node: dict[str, Any], name: str = "") -> Any:  # noqa: ANN401
        if "$ref" in node:
            node = {**self.resolve(node["$ref"]), **{k: v for k, v in node.items() if k != "$ref"}}
        draw = {"dict": self._dict, "list": self._list, "str": self._str, "int": self._int}
        if node.get("type") == "bool":
            return self.dice.random() < 0.6
        return draw[node["type"]](node, name)

    def resolve(self, ref: str) -> dict[str, Any]:
        found: Any = self.schema
        for part in ref.partition("#")[2].strip("/").split("/"):
            found = found[part]
        return dict(found)

    def _dict(self, node: dict[str, Any], name: str) -> dict[str, Any]:
        density = self.dice.choice((0.5, 0.8, 1.0))
        made = {}
        for key, child in node.get("keys", {}).items():
            wanted = child.get("required") or key == name or self.dice.random() < density
            removed = (child.get("deprecation") or {}).get("removed")
            if wanted and key not in _SKIPPED and not removed:
                made[key] = self.value(child, key)
        return made

    def _list(self, node: dict[str, Any], _: str) -> list[Any]:
        size = max(node.get("min_length", 0), self.dice.randint(1, 3))
        size = min(size, node.get("max_length", size))
        primary = node.get("primary_key")
        items = [self.value(node["items"], primary or "") for _ in range(size)]
        seen = {str(item[primary] if primary else item): item for item in items}
        return list(seen.values())

    def _str(self, node: dict[str, Any], name: str) -> str:
        if len(node.get("valid_values", ())) in range(1, MANY):
            return str(self.dice.choice(node["valid_values"]))
        if name == "protocol" and self.dice.random() < SPECIAL:
            return self.dice.choice(PROTOCOLS)
        if self.special.get(name) and self.dice.random() < SPECIAL:
            return self.dice.choice(self.special[name])
        self.count += 1
        if node.get("format") in _EXAMPLES:
            return _EXAMPLES[node["format"]].format(self.count % 250)
        return f"{MARK}{self.count}"

    def _int(self, node: dict[str, Any], _: str) -> int:
        if "valid_values" in node:
            return int(self.dice.choice(node["valid_values"]))
        low = node.get("min", 1)
        return self.dice.randint(low, max(low, node.get("max", low + 1000)))


def rendered(seeds: Iterable[int]) -> Iterator[str]:
    """Yield configurations that pyavd renders from random structured configs."""
    path = "_eos_cli_config_gen/schema/eos_cli_config_gen.schema.pickle"
    schema = pickle.loads(resources.files("pyavd").joinpath(path).read_bytes())  # noqa: S301
    templar = Templar(precompiled_templates_path=COMPILED)
    for seed in seeds:
        drawn = Drawn(seed, schema)
        whole: dict[str, Any] = {}
        for key, node in schema["keys"].items():
            if key in _SKIPPED or (node.get("deprecation") or {}).get("removed"):
                continue
            drawn.special = compared_with(key)
            for _ in range(4):
                part = {key: named(key, drawn.value(node, key))}
                try:
                    templar.render_template_from_file(_TEMPLATE, {"hostname": "Zz0", **part})
                except Exception as error:  # noqa: BLE001  (the schema does not tell all it wants)
                    logging.getLogger(__name__).info("%s: %s", key, error)
                else:
                    whole |= part
                    break
        yield templar.render_template_from_file(_TEMPLATE, whole)


def compared_with(key: str) -> dict[str, list[str]]:
    """Return the strings that the template of this key looks for: `ip_address` -> `dhcp`."""
    code = Path(COMPILED) / f"eos__{key}.py"
    text = code.read_text("utf-8") if code.exists() else ""
    tree = ast.parse(text)
    tests = set(re.findall(r"(t_\d+) = environment\.tests\[", text))
    found: dict[str, list[str]] = defaultdict(list)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in tests:
            values = node.args[:2]
        elif isinstance(node, ast.Compare):
            values = [node.left, *node.comparators]
        else:
            continue
        match values:
            case [ast.Call(args=[_, ast.Constant(value=str(name))]), ast.Constant(value=str(word))]:
                found[name].append(word)
    return found


def named(key: str, value: Any) -> Any:  # noqa: ANN401
    """Give interfaces names of their kind."""
    kind = _KINDS.get(key)
    if kind:
        for number, item in enumerate(value, start=1):
            item["name"] = f"{kind}{number}"
    return value


@dataclass(slots=True)
class Shapes:
    """The commands of a mode, in the order in which they are printed."""

    by_text: "dict[str, Shapes]" = field(default_factory=dict)
    opens: bool = False
    heredoc: bool = False
    identity: set[int] = field(default_factory=set)


def learn(lines: tuple[Line, ...], into: Shapes, known: Mode | None) -> None:
    """Add the commands of one rendered mode."""
    previous = ""
    same: dict[str, list[list[str]]] = {}
    for line in lines:
        text, opens = shape_of(line.text, known, opens=bool(line.children))
        if text not in into.by_text:
            into.by_text = inserted(into.by_text, previous, text)
        shapes = into.by_text[text]
        shapes.opens |= bool(line.children)
        shapes.heredoc |= line.body is not None
        learn(line.children, shapes, opens)
        same.setdefault(text, []).append(line.text.split())
        previous = text
    for text, commands in same.items():
        into.by_text[text].identity.update(identity(text, commands))


def shape_of(line: str, known: Mode | None, *, opens: bool) -> tuple[str, Mode | None]:
    """Return the command with its values taken out, and the known mode that it opens."""
    found = known.find(tuple(line.split()), fits=lenient) if known else None
    if isinstance(found, Match) and (found.shape.opens or not opens):
        return found.shape.text, found.shape.opens
    return " ".join("<v>" if _VALUE.fullmatch(word) else word for word in line.split()), None


def inserted(shapes: dict[str, Shapes], after: str, text: str) -> dict[str, Shapes]:
    """Put a new shape behind the one that was printed before it."""
    if after not in shapes:
        return {text: Shapes(), **shapes}
    made: dict[str, Shapes] = {}
    for held, value in shapes.items():
        made[held] = value
        if held == after:
            made[text] = Shapes()
    return made


def identity(text: str, commands: list[list[str]]) -> list[int]:
    """Return the values that tell the commands of one shape apart: all but the last one, which is
    taken for a setting unless the shape was seen twice with the same values before it."""
    words = text.split()
    values = [at for at, word in enumerate(words) if word == "<v>"]
    if not values or any(len(command) != len(words) for command in commands):
        return []  # or a command of grammar-eos.txt, which says so itself
    settled = {tuple(command[at] for at in values[:-1]) for command in commands}
    return values[:-1] if len(settled) == len({" ".join(c) for c in commands}) else values


@dataclass(slots=True)
class Row:
    """A line of the table and the lines of the mode that it opens."""

    text: str
    flags: str = ""
    rows: "list[Row]" = field(default_factory=list)
    learnt_as: str = ""

    @property
    def seen_as(self) -> str:
        return self.learnt_as or self.text


def rows_of(table: str) -> list[Row]:
    """Read a table as rows."""
    top = Row("")
    open_rows = [(-1, top)]
    for line in table.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        indent = len(line) - len(line.lstrip())
        text, _, flags = line.strip().partition(" {")
        row = Row(text, flags and " {" + flags)
        while open_rows[-1][0] >= indent:
            open_rows.pop()
        open_rows[-1][1].rows.append(row)
        open_rows.append((indent, row))
    return top.rows


def merge(
    rows: list[Row], shapes: Shapes, blocks: dict[str, Row], *, among_global: bool = False
) -> None:
    """Put what was learnt between the rows, each behind the row that is printed before it."""
    place = len(rows)
    loose: dict[str, Row] = {}
    own = {row.text: row for row in rows}
    included = {text: row for row in rows for text in texts_of(row, blocks)}
    checked = {words_before_values(row.text) for row in rows}
    known = {words_before_values(text) for text in included}
    for text, child in shapes.by_text.items():
        row = own.get(text) or included.get(text)
        if row is None:
            if text.startswith("<v>") and among_global:
                continue
            row = new_row(text, child, shapes)
            if row.text in own or bare(row.text) in checked:
                continue
            own[row.text] = row
            rows.insert(place, row)
            start = words_before_values(row.text)
            words = row.text.split()
            vague = words[0] in FAMILIES or (words[1:] and words[1].startswith("<"))
            sure = SURE if among_global or vague or start in known else SURE - 1
            loose |= loosened(row, sure) if start not in checked else {}
        if text in own or row.text in own:
            merge(row.rows, child, blocks)
        place = rows.index(row) + 1
    rows += [row for text, row in loose.items() if text not in own]


def bare(text: str) -> str:
    """Return the words of a command if it takes anything after them."""
    return text.removesuffix(" <text...>") if text.endswith(" <text...>") else "<other>"


def words_before_values(text: str) -> str:
    """Return the start of a command, up to its first value."""
    return re.split(r" *[<~\[]", text)[0]


def loosened(row: Row, sure: int) -> dict[str, Row]:
    """Return a row that takes any end of a long command: not every mix of options was drawn."""
    words = [word.replace("<v>", "<v*>") for word in row.text.split()]
    if row.flags or words[0] == "no" or len(words) <= sure:
        return {}
    text = " ".join([*words[:sure], "<text...*>"])
    return {text: Row(text)}


def texts_of(row: Row, blocks: dict[str, Row]) -> set[str]:
    """Return the commands of a block, with those of the blocks in it."""
    if not row.text.startswith("&"):
        return set()
    inner = blocks[":" + row.text[1:]].rows
    return {one.text for one in inner}.union(*(texts_of(one, blocks) for one in inner))


def new_row(text: str, child: Shapes, among: Shapes) -> Row:
    """Write a learnt command in the notation of the table."""
    words = text.split()
    words[0] = words[0].replace("<v>", "<n>")
    if words[0] == "interface" and words[1:2] == ["<v>"]:
        words[1] = "<interfaces>"  # no name of a profile, and not `interface defaults` further on
    for at in child.identity:
        words[at] = words[at].replace(">", "*>")
    if len(words) > DEEPEST and not child.opens:
        words = [*words[:DEEPEST], "<text...*>"]
    elif len(words) == 2 and words[0] in GLOBAL_TOO:
        pass
    elif words[-1] in {"<v>", "<v*>"} and words[1:] and not (child.opens or child.heredoc):
        words[-1] = words[-1].replace("v", "text...")
    opens = " {mode,ordered}" if child.opens else ""
    return Row(" ".join(words), " {heredoc}" if child.heredoc else opens, learnt_as=text)


def in_printed_order(rows: list[Row], places: dict[str, float]) -> list[Row]:
    """Sort the rows of the global mode as pyavd prints them; what it never prints stays behind the
    row before it."""
    keyed: list[tuple[int, int, Row]] = []
    last = -1.0
    for at, row in enumerate(rows):
        last = places.get(row.seen_as, last)
        keyed.append((round(last), at, row))
    return [row for _, _, row in sorted(keyed, key=lambda entry: entry[:2])]


def places_of(orders: list[list[str]]) -> dict[str, float]:
    """Return where each command stands on average, counted in commands that are nearly always
    there."""
    counts = Counter(text for order in orders for text in order)
    anchors = {text for text, count in counts.items() if count > 0.9 * len(orders)}
    sums: dict[str, float] = defaultdict(float)
    for order in orders:
        before = 0.0
        for at, text in enumerate(order):
            sums[text] += before + at / 1e6
            before += text in anchors
    return {text: total / counts[text] for text, total in sums.items()}


def printed(rows: list[Row], indent: int = 0) -> Iterator[str]:
    """Yield the lines of the table."""
    for row in rows:
        yield " " * indent + row.text + row.flags
        yield from printed(row.rows, indent + 3)


def lenient(kind: str, word: str) -> str | None:
    """Take any value for any placeholder: drawn values need not make sense."""
    return word if _VALUE.fullmatch(word) else fits(kind, word)


def main() -> None:
    """Print the table."""
    table = Path(__file__).with_name("grammar-eos.txt").read_text("utf-8")
    known, shapes = parse(table), Shapes()
    orders: list[list[str]] = []
    for text in rendered(range(ROUNDS)):
        lines = parse_indented(text).children
        learn(lines, shapes, known)
        seen = (shape_of(line.text, known, opens=bool(line.children))[0] for line in lines)
        orders.append(list(dict.fromkeys(seen)))
    rows = rows_of(table)
    blocks = {row.text: row for row in rows if row.text.startswith(":")}
    commands = [row for row in rows if row.text not in blocks]
    merge(commands, shapes, blocks, among_global=True)
    commands = in_printed_order(commands, places_of(orders))
    sys.stdout.write("\n".join(printed([*commands, *blocks.values()])) + "\n")


if __name__ == "__main__":
    main()
