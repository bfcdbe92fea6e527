"""The boxes of a layout as GNS3 drawings: a frame, and its name as a text of its own.

GNS3's windows show a drawing as a shape that can be edited only where its SVG has one element.
"""

import hashlib
from html import escape

from avdlab.backends.gns3.model import Drawing
from avdlab.backends.gns3.names import object_id
from avdlab.topology.layout import Box, Layout

COLOURS = ("#1f5fa8", "#2e7d4f", "#8a5a00")
_FRAME = (
    '<svg width="{width}" height="{height}"><rect width="{width}" height="{height}" '
    'fill="{colour}" fill-opacity="0.05" stroke="{colour}" stroke-width="2" /></svg>'
)
_TEXT = (
    '<svg width="{width}" height="24"><text font-family="TypeWriter" font-size="12.0" '
    'font-weight="bold" fill="{colour}" fill-opacity="1.0">{text}</text></svg>'
)


def drawings(project: str, layout: Layout) -> tuple[Drawing, ...]:
    """Return the drawings of all boxes, the outermost below the others."""
    found: list[Drawing] = []
    for box in layout.boxes:
        key = "/".join(["box", *box.path])
        found += [_frame(project, key, box), _label(project, key, box)]
    return tuple(found)


def fingerprint(drawing: Drawing) -> str:
    """Return what a drawing looks like, as a short text: to see whether people changed it."""
    text = f"{drawing.svg}/{drawing.x}/{drawing.y}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _frame(project: str, key: str, box: Box) -> Drawing:
    svg = _FRAME.format(width=box.width, height=box.height, colour=_colour(box))
    return Drawing(object_id(project, f"{key}/frame"), svg, box.x, box.y, 0)


def _label(project: str, key: str, box: Box) -> Drawing:
    text = _TEXT.format(width=10 * len(box.label), colour=_colour(box), text=escape(box.label))
    return Drawing(object_id(project, f"{key}/label"), text, box.x + 10, box.y + 8, 0)


def _colour(box: Box) -> str:
    return COLOURS[box.level % len(COLOURS)]
