"""The endpoint matrix: who shall reach whom, who does, and where packets end."""
