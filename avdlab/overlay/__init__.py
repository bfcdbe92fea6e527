"""What the lab changes in the intended configs, applied and reported."""

from avdlab.overlay.structured import overlay
from avdlab.overlay.text import overlay_text

__all__ = ["overlay", "overlay_text"]
