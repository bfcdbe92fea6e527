"""A lab for other tools: pure functions from what is known of it to files."""

from collections.abc import Callable, Mapping

from avdlab.exports.containerlab import containerlab
from avdlab.exports.model import Files, Subject
from avdlab.exports.tools import ansible, anta, nornir, pyeapi, ssh_config

EXPORTS: Mapping[str, Callable[[Subject], Files]] = {
    "anta": anta,
    "ansible": ansible,
    "pyeapi": pyeapi,
    "nornir": nornir,
    "ssh-config": ssh_config,
    "containerlab": containerlab,
}

__all__ = ["EXPORTS", "Files", "Subject"]
