"""The design that the tests are made from."""

from avdlab.validate.intent.model import Intent
from avdlab.validate.intent.read import read_intent

__all__ = ["Intent", "read_intent"]
