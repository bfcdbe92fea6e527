"""Tables of commands."""

from avdlab.twin.config.read.table import Args, Commands
from avdlab.twin.config.tree import Line, parse_indented


def test_included_commands_come_after_the_own() -> None:
    first: Commands[list[str]] = Commands("")
    second: Commands[list[str]] = Commands("")

    @first.on("mtu <size>")
    def _own(found: list[str], args: Args, _line: Line) -> None:
        found.append(f"own {args['size']}")

    @second.on("mtu <size>", "speed <speed>")
    def _other(found: list[str], _args: Args, line: Line) -> None:
        found.append(f"other {line.text}")

    first.include(second)
    found: list[str] = []
    first.read(parse_indented("mtu 9000\nspeed 100g\nunknown\n").children, found)
    assert found == ["own 9000", "other speed 100g"]
    assert first.lookup("unknown") == (False, None)
