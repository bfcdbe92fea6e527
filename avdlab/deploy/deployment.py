"""The synchronous face of deployment: all devices take their configuration, or none does."""

import asyncio
from collections.abc import Mapping, Sequence

from avdlab.backends.base import EapiTarget
from avdlab.deploy.model import Deployment
from avdlab.deploy.text import Line, read_config
from avdlab.errors import InputError, Problem
from avdlab.events import Reporter


def deploy(
    targets: Sequence[EapiTarget],
    configs: Mapping[str, str],
    *,
    check: bool = False,
    reporter: Reporter | None = None,
    timeout: float = 60.0,
    health_timeout: float = 30.0,
    max_workers: int = 64,
) -> Deployment:
    """Replace the running-config of every device with its text from `configs`, in one transaction.

    `check` only compares. `timeout` bounds one eAPI request, `health_timeout` the wait for eAPI
    after the commit. Raises ConfigRejectedError with every rejected line of every device, or
    DeviceError; both mean that no device was changed, unless the message says otherwise.
    """
    from avdlab.deploy.transaction import Transaction  # the eAPI client takes a while to import

    texts = _read(targets, configs)
    transaction = Transaction(
        targets,
        texts,
        reporter=reporter or Reporter(),
        timeout=timeout,
        health_timeout=health_timeout,
        max_workers=max_workers,
    )
    return asyncio.run(transaction.check() if check else transaction.run())


def _read(targets: Sequence[EapiTarget], configs: Mapping[str, str]) -> dict[str, tuple[Line, ...]]:
    """Read all texts before any device is asked. Raises InputError with every problem."""
    problems: list[Problem] = []
    texts: dict[str, tuple[Line, ...]] = {}
    for target in targets:
        text = configs.get(target.device, "")
        if not text.strip():
            problems.append(Problem("there is no configuration for it", host=target.device))
            continue
        try:
            texts[target.device] = read_config(text)
        except ValueError as exc:
            problems.append(Problem(str(exc), host=target.device))
    if problems:
        raise InputError(problems)
    return texts
