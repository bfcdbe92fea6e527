"""After any edits of an inventory, the cache gives what rendering without it gives."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avdlab.inventory.load import load
from avdlab.inventory.model import Inventory
from avdlab.render import render
from tests.conftest import REPOSITORY
from tests.render.edits import edited, node, of_host


@lru_cache(maxsize=1)
def own() -> Inventory:
    return load(REPOSITORY / "inventory/inventory.yml")


def vlan(number: int) -> Callable[[dict[str, Any]], None]:
    def edit(variables: dict[str, Any]) -> None:
        for tenant in (variables.get("tenants") or ())[:1]:
            tenant.setdefault("l2vlans", []).append({"id": number, "name": f"V{number}"})

    return edit


def server(name: str, new: str) -> Callable[[dict[str, Any]], None]:
    def edit(variables: dict[str, Any]) -> None:
        for item in variables.get("servers") or ():
            item["name"] = new if item["name"] == name else item["name"]

    return edit


EDITS = st.one_of(
    st.builds(vlan, st.integers(900, 930)),
    st.builds(node, st.sampled_from(["osl-spine1", "osl-leaf2a"]), st.just("id"), st.just(9)),
    st.builds(
        node,
        st.sampled_from(["osl-leaf1a", "osl-access1", "osl-spine2"]),
        st.just("raw_eos_cli"),
        st.sampled_from(["alias a show version", "alias b show clock"]),
    ),
    st.builds(server, st.just("web1"), st.sampled_from(["x1", "x2"])),
    st.builds(server, st.just("database1"), st.sampled_from(["y1", "y2"])),
    st.builds(
        lambda host, text: of_host(host, custom_structured_configuration_aliases=text),
        st.sampled_from(["osl-leaf1a", "osl-leaf2b", "osl-spine1"]),
        st.sampled_from(["alias c show lldp", "alias d show vlan"]),
    ),
)


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(edits=st.lists(EDITS, min_size=1, max_size=3))
def test_after_any_edits_the_cache_changes_nothing(
    edits: list[Callable[[dict[str, Any]], None]],
) -> None:
    inventory = own()
    for edit in edits:
        inventory = edited(inventory, edit)
        with_cache = render(inventory, documentation=False, catalogs=False)
    assert with_cache == render(inventory, documentation=False, catalogs=False, cached=False)
