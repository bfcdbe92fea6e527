"""From Inventory to structured configs, configs, documentation and ANTA catalogs, by pyavd.

pyavd takes seconds to load, so it is imported where it is used.
"""

from avdlab.render.catalogs import catalogs
from avdlab.render.configs import render_config
from avdlab.render.device import warm_inputs
from avdlab.render.files import write
from avdlab.render.intended import read_intended
from avdlab.render.pipeline import render

__all__ = ["catalogs", "read_intended", "render", "render_config", "warm_inputs", "write"]
