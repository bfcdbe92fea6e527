"""SSH of a running twin, spoken to with asyncssh as a client."""

import asyncio

import asyncssh
import pytest


async def connected(lab, work, **options: object):
    given = {"username": "arista", "password": "arista"} | options
    async with asyncssh.connect(
        "127.0.0.1", lab.ssh["leaf1"], known_hosts=None, client_keys=None, config=None, **given
    ) as connection:
        return await work(connection)


def ask(lab, command):
    return asyncio.run(connected(lab, lambda c: c.run(command)))


def test_one_command(lab):
    done = ask(lab, "show hostname")
    assert (done.exit_status, done.stdout) == (0, "Hostname: leaf1\nFQDN:     leaf1\n")
    assert ask(lab, "show nonsense").exit_status == 1


def test_wrong_password_is_refused(lab):
    with pytest.raises(asyncssh.PermissionDenied):
        asyncio.run(connected(lab, lambda c: c.run("show version"), password="wrong"))


def test_a_key_of_the_configuration_lets_in(lab):
    key = asyncssh.generate_private_key("ssh-ed25519")
    public = key.export_public_key().decode().strip()
    lab.run("leaf1", "configure", f"username arista ssh-key {public}")

    async def with_key():
        return await connected(
            lab, lambda c: c.run("show hostname"), client_keys=[key], password=None
        )

    async def connected(lab, work, **options: object):
        async with asyncssh.connect(
            "127.0.0.1",
            lab.ssh["leaf1"],
            known_hosts=None,
            config=None,
            username="arista",
            **options,
        ) as connection:
            return await work(connection)

    assert "leaf1" in asyncio.run(with_key()).stdout


def test_what_is_typed_over_ssh_shows_over_eapi(lab):
    async def work(connection):
        return await connection.run(
            input="configure\ninterface Ethernet9\ndescription typed\nend\nwrite\nexit\n"
        )

    asyncio.run(connected(lab, work))
    assert "description typed" in lab.text("leaf1", "show running-config section Ethernet9")
    assert lab.text("leaf1", "show running-config diffs") == ""


def test_management_ssh_shut_down_closes_the_port(lab):
    lab.run("leaf1", "configure", "management ssh", "shutdown")
    with pytest.raises(OSError, match="Connect call failed"):
        ask(lab, "show version")
    lab.run("leaf1", "configure", "management ssh", "no shutdown")
    assert ask(lab, "show hostname").exit_status == 0


def test_power_off_ends_the_connection(own_lab):
    async def work(connection):
        own_lab.control("POST", "/node", {"node": "leaf1", "power": False})
        await asyncio.wait_for(connection.wait_closed(), 5)

    asyncio.run(connected(own_lab, work))
    with pytest.raises(OSError, match="Connect call failed"):
        ask(own_lab, "show version")
