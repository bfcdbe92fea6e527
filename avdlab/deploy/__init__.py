"""Intended configurations to devices, by eAPI config sessions."""

from avdlab.deploy.deployment import deploy

__all__ = ["deploy"]
