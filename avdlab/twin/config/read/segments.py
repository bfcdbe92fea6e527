"""Reader of `evpn ethernet-segment` sections (RFC 7432 5, RFC 8584)."""

from dataclasses import dataclass, replace

from avdlab.twin.config.read.table import Args, Commands
from avdlab.twin.config.settings_bgp import SegmentSettings
from avdlab.twin.config.tree import Line


@dataclass(slots=True)
class _Segment:
    settings: SegmentSettings

    def change(self, **changes: object) -> None:
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]  # by keyword


SEGMENT: Commands[_Segment] = Commands("evpn ethernet-segment")


def read_segment(line: Line) -> SegmentSettings | None:
    """Return the segment of a section; without an identifier there is none."""
    builder = _Segment(SegmentSettings(""))
    SEGMENT.read(line.children, builder)
    return builder.settings if builder.settings.identifier else None


@SEGMENT.on("identifier <esi>")
def _identifier(segment: _Segment, args: Args, _line: Line) -> None:
    segment.change(identifier=args["esi"])


@SEGMENT.on("route-target import <rt>")
def _import_rt(segment: _Segment, args: Args, _line: Line) -> None:
    segment.change(import_rt=args["rt"])


@SEGMENT.on("redundancy single-active|all-active")
def _redundancy(segment: _Segment, _args: Args, line: Line) -> None:
    segment.change(single_active=line.words[1] == "single-active")


@SEGMENT.on("designated-forwarder election algorithm preference <value> [<rest...>]")
def _preference(segment: _Segment, args: Args, _line: Line) -> None:
    segment.change(algorithm="preference", preference=int(args["value"]))


@SEGMENT.on("designated-forwarder election algorithm <name>")
def _algorithm(segment: _Segment, args: Args, _line: Line) -> None:
    segment.change(algorithm=args["name"])
