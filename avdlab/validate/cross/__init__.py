"""Comparisons of what several devices answer."""

from avdlab.validate.cross import links, pairs, told, unique, vxlan
from avdlab.validate.cross.model import Check

CHECKS: tuple[Check, ...] = (
    *unique.CHECKS,
    *vxlan.CHECKS,
    *links.CHECKS,
    *pairs.CHECKS,
    *told.CHECKS,
)
