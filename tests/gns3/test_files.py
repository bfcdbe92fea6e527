"""The files in gns3/ for people, given to real servers."""

import json

from tests.support.gns3.api import Api

NAMES = ["Management0", *(f"Ethernet{number}" for number in range(1, 9))]


def node_of(api, template):
    """Make a node of a template in a project of its own, look at it, and remove both."""
    project = api.project("by-hand")
    path = f"/projects/{project.id}"
    try:
        made = api.call("POST", f"{path}/templates/{template}", {"x": 0, "y": 0})
        [node] = api.call("GET", f"{path}/nodes")
        assert made is None or made["node_id"] == node["node_id"]
        return node
    finally:
        api.call("DELETE", path)
        api.call("DELETE", f"/templates/{template}")


def test_the_template_makes_a_node_with_eos_names(gns3_server, repository):
    api = Api(gns3_server)
    body = json.loads((repository / "gns3" / "ceos-template.json").read_text("utf-8"))
    template = api.call("POST", "/templates", body | {"image": "avdlab-busybox:1"})
    node = node_of(api, template["template_id"])
    assert [port["name"] for port in node["ports"]] == NAMES
    assert node["properties"]["start_command"] == body["start_command"]
    assert node["properties"]["extra_volumes"] == ["/mnt/flash"]
    assert gns3_server.sweep() == []


def test_the_appliance_is_one_to_the_server(gns3_server, repository):
    """A server takes it up from its folder; 3.x checks it by its schema, and installs it."""
    source = repository / "gns3" / "arista-ceos-avdlab.gns3a"
    text = json.loads(source.read_text("utf-8"))
    text["docker"]["image"] = "avdlab-busybox:1"
    folder = gns3_server.folder / "appliances"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / source.name).write_text(json.dumps(text))
    api = Api(gns3_server)
    try:
        found = {a["name"]: a for a in api.call("GET", "/appliances")}[text["name"]]
        assert found["docker"]["start_command"] == text["docker"]["start_command"]
        if gns3_server.line == "2.2":
            return  # its GUI makes templates of appliances, not the server
        api.call("POST", f"/appliances/{text['appliance_id']}/install")
        templates = {t["name"]: t for t in api.call("GET", "/templates")}
        node = node_of(api, templates[text["name"]]["template_id"])
        assert node["properties"]["environment"] == text["docker"]["environment"]
    finally:
        (folder / source.name).unlink()
    assert gns3_server.sweep() == []
