"""EOS configuration and documentation of one device, from its structured config.

pyavd's public functions set up Jinja and load some two hundred templates at every call. One
environment for the process gives the same text in a fifth of the time; should a later pyavd move
its parts, the public functions are used.
"""

import copy
from collections import ChainMap
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

Renderer = Callable[[str, Mapping[str, Any]], str]


def render_config(structured_config: Mapping[str, Any]) -> str:
    """Return the EOS configuration as AVD writes it."""
    renderer = _renderer()
    if renderer is None:
        from pyavd import get_device_config

        text: str = get_device_config(dict(structured_config))
        return text
    return renderer("eos-intended-config.j2", structured_config)


def render_documentation(structured_config: Mapping[str, Any]) -> str:
    """Return the Markdown documentation with a table of contents; secrets are left out."""
    # The template writes into the data it gets.
    data: dict[str, Any] = copy.deepcopy(dict(structured_config))
    renderer = _renderer()
    if renderer is None:
        from pyavd import get_device_doc
        from pyavd.api.eos_cli_config_gen import DocRenderConfiguration

        hidden = DocRenderConfiguration(hide_passwords=True)
        text: str = get_device_doc(data, add_md_toc=True, configuration=hidden)
        return text
    from pyavd.j2filters import add_md_toc

    variables = ChainMap(data, {"_eos_cli_config_gen_hide_passwords": True})
    return str(add_md_toc(renderer("eos-device-documentation.j2", variables), skip_lines=3))


@lru_cache(maxsize=1)
def _renderer() -> Renderer | None:
    try:
        from pyavd.constants import EOS_CLI_CONFIG_GEN_JINJA2_PRECOMPILED_TEMPLATE_PATH as TEMPLATES
        from pyavd.templater import Templar
    except ImportError:
        return None
    render: Renderer = Templar(precompiled_templates_path=TEMPLATES).render_template_from_file
    return render
