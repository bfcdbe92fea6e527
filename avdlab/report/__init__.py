"""Results and topology to files and drawings."""

from avdlab.report.files import write

__all__ = ["write"]
