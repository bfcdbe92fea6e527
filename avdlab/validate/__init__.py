"""Catalog and lab to results, through ANTA."""

from avdlab.validate.policy import Policy
from avdlab.validate.validation import validate

__all__ = ["Policy", "validate"]
