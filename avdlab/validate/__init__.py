"""Catalogs, our own tests and the user's, and a lab, to results; through ANTA."""

from avdlab.validate.access import over_eapi
from avdlab.validate.policy import Policy
from avdlab.validate.validation import Validation, validate

__all__ = ["Policy", "Validation", "over_eapi", "validate"]
