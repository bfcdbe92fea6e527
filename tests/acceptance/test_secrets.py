"""Every password, vault value and hash of our inventory, searched for wherever a run leaves text.

None may be in logs, state, reports, exports of a drawing, the support bundle, what is printed, or
the list of processes: only in private files that hold configurations or credentials by purpose.
"""

import re
import subprocess
import tarfile
import time
from pathlib import Path

from tests.acceptance.conftest import Project

# Files that hold secrets by purpose: configurations in AVD's and the lab's form, credentials.
MAY = re.compile(
    r"(^|/)(configs|structured_configs|structured|nodes|deployments|checkpoints)/"
    r"|^\.avdlab/[^/]+/(password|twin/fabric\.json|twin/.*config.*)$"
    r"|(startup|running|lab)-config|^inventory/(group_vars|\.vault-password|README)"
    r"|^home/\.cache/avdlab/devices/"
    r"|^\.avdlab/[^/]+/export/"
)


def secrets_of(project: Project) -> set[str]:
    """Return vault values, hashes, encrypted passwords, and the lab user's own password."""
    from ansible.parsing.vault import VaultLib, VaultSecret

    inventory = project.folder / "inventory"
    password = (inventory / ".vault-password").read_text().strip()
    vault = VaultLib([("default", VaultSecret(password.encode()))])
    text = vault.decrypt((inventory / "group_vars/OSLO/vault.yml").read_bytes()).decode()
    found = {password, *re.findall(r"^\w+:\s*[\"']?([^\"'\s#]+)", text, re.MULTILINE)}
    for config in (inventory / "intended/configs").glob("*.cfg"):
        words = config.read_text()
        found |= set(re.findall(r"sha512 (\S+)", words))
        found |= set(re.findall(r"password 7 (\S+)", words))
    found |= {(project.folder / ".avdlab/OSLO/password").read_text().strip()}
    return {secret for secret in found if len(secret) >= 6}


def where_found(secrets: set[str], name: str, text: str) -> list[str]:
    return [f"{name}: {secret[:3]}..." for secret in secrets if secret in text]


def test_no_secret_is_anywhere_but_in_private_configurations(project: Project) -> None:
    project = Project(project.folder)  # with a cache of its own, that is looked at as well
    seen: dict[int, str] = {}
    up = subprocess.Popen(
        ["avdlab", "up"],
        cwd=project.folder,
        env=project.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    while up.poll() is None:  # whoever runs meanwhile, on behalf of this `up`
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                line = entry.read_bytes().decode("utf-8", "replace")
            except OSError:
                continue
            if "avdlab" in line:
                seen[hash(line)] = line
        time.sleep(0.05)
    printed, _ = up.communicate()
    assert up.returncode == 0, printed
    for words in (
        ("deploy", "--check", "--diff"),
        ("test", "-q"),
        ("plan",),
        ("status", "-f", "json"),
        ("graph", "-f", "svg", "-o", "fabric.svg"),
        ("graph", "--layer", "bgp"),
        ("config", "show", "--origin"),
        ("events",),
        ("check",),
        ("doctor", "--bundle", "bundle.tar.gz"),
        ("prune", "--check"),
    ):
        done = project.avdlab(*words)
        assert done.code == 0, (words, done.err)
        printed += done.out + done.err
    secrets = secrets_of(project)
    assert len(secrets) >= 8
    leaks = where_found(secrets, "printed", printed)
    leaks += where_found(secrets, "process list", "\n".join(seen.values()))
    with tarfile.open(project.folder / "bundle.tar.gz") as bundle:
        for member in bundle.getmembers():
            file = bundle.extractfile(member)
            text = file.read().decode("utf-8", "replace") if file else ""
            leaks += where_found(secrets, f"bundle {member.name}", text)
    private = []
    for path in project.folder.rglob("*"):
        name = str(path.relative_to(project.folder))
        if not path.is_file() or path.is_symlink() or name == "bundle.tar.gz":
            continue
        found = where_found(secrets, name, path.read_text(encoding="utf-8", errors="replace"))
        if MAY.search(name):
            shipped = name.startswith(("inventory/group_vars", "inventory/README"))
            if found and path.stat().st_mode & 0o077 and not shipped:
                private.append(name)
        else:
            leaks += found
    assert leaks == []
    assert [name for name in private if not name.startswith("inventory/.vault")] == []
