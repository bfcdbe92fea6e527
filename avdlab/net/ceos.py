"""What the container cEOS-lab does not take of an EOS configuration, line by line.

The lab overlay leaves these lines out, and the twin refuses them when it is told to be as strict as
cEOS-lab. Sources: AVD's platform settings of `cEOS` (feature_support), the issues named beside a
rule (aristanetworks/avd), and what labs with cEOS filter. None was tried on an image here: where a
release takes a line that is listed, `--no-overlay` deploys it.

A rule is the beginning of a line, in single spaces; `*` is any word. `mode` is the beginning of the
command that opens the mode around it, "" for the global mode, None for any.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

ASIC = "it sets up a switch ASIC"
PORT = "a container has no such port hardware"


@dataclass(frozen=True, slots=True)
class Rule:
    """Lines that begin so, with everything in the mode that they open."""

    start: str
    why: str
    mode: str | None = ""
    refused: bool = True  # False: taken, and of no use or of harm in a lab
    pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        words = (re.escape(word).replace(r"\*", r"\S+") for word in self.start.split())
        object.__setattr__(
            self, "pattern", re.compile(rf"(?:no |default )?{' '.join(words)}(?= |$)")
        )

    @property
    def token(self) -> int:
        """The word that EOS complains about, counted from 0."""
        return len(self.start.split()) - 1

    def fits(self, line: str, mode: str) -> bool:
        """Tell whether the rule is about a line; `mode` is the command that opened its mode."""
        if self.mode is not None and not (
            mode == self.mode or (self.mode and mode.startswith(self.mode + " "))
        ):
            return False
        return self.pattern.match(line) is not None


RULES: tuple[Rule, ...] = (
    Rule("hardware tcam", ASIC),
    Rule("hardware speed-group", ASIC),
    Rule("hardware port-group", ASIC),
    Rule("hardware counter feature", ASIC),
    Rule("platform trident", ASIC),
    Rule("platform sand", ASIC),
    Rule("platform fap", ASIC),
    Rule("ip hardware fib optimize", ASIC),
    Rule("load-balance policies", ASIC),
    Rule("port-channel load-balance sand", ASIC),
    Rule("port-channel load-balance trident", ASIC),
    Rule("queue-monitor", ASIC),
    Rule("priority-flow-control", ASIC, None),
    Rule("policy-map type qos", ASIC),
    Rule("policy-map type quality-of-service", ASIC),
    Rule("service-policy type qos", ASIC, "interface"),
    Rule("tx-queue", ASIC, None),
    Rule("uc-tx-queue", ASIC, None),
    Rule("mc-tx-queue", ASIC, None),
    Rule("tunnel dont-fragment", ASIC, "interface"),
    Rule("update wait-install", "routes would wait for an ASIC", "router bgp"),
    Rule("update wait-for-convergence", "routes would wait for an ASIC", "router bgp"),
    Rule("storm-control", PORT, "interface"),
    Rule("poe", PORT, None),
    Rule("monitor session", "it mirrors in the ASIC (avd#6414)"),
    Rule("dot1x protocol bpdu bypass", "cEOS-lab does not have it (avd#7030)", None),
    Rule("address locking", "cEOS-lab does not have it (avd#7407)", None),
    Rule("speed", PORT, "interface", refused=False),
    Rule("ptp", "a container keeps no precise time", None, refused=False),
    Rule(
        "sflow", "sampling needs an ASIC, and the collector is in production", None, refused=False
    ),
    Rule("daemon TerminAttr", "CloudVision is in production", refused=False),
    Rule("shutdown", "all ports of the lab would be down (avd#7396)", "ethernet", refused=False),
)


@lru_cache(maxsize=65536)
def rule_for(line: str, mode: str) -> Rule | None:
    """Return the rule about a line; `mode` is the command that opened its mode, "" at the top."""
    return next((rule for rule in RULES if rule.fits(line, mode)), None)


def refusal(line: str, mode: str) -> str:
    """Return what cEOS-lab says to a line, "" when it takes it."""
    rule = rule_for(line, mode)
    if rule is None or not rule.refused:
        return ""
    offset = 1 if line.startswith(("no ", "default ")) else 0
    token = rule.token + offset
    word = line.split()[token]
    return (
        "Unavailable command (not supported on this hardware platform) "
        f"(at token {token}: '{word}')"
    )
