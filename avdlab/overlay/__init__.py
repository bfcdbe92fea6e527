"""From Rendered to the lab's configs: what differs from production, applied and reported."""

from avdlab.overlay.structured import overlay
from avdlab.overlay.text import overlay_text

__all__ = ["overlay", "overlay_text"]
