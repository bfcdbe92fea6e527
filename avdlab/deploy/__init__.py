"""Configurations to devices, by eAPI config sessions: one transaction over the fabric."""

from avdlab.deploy.deployment import deploy
from avdlab.deploy.model import Deployment, Gate, How, Options

__all__ = ["Deployment", "Gate", "How", "Options", "deploy"]
