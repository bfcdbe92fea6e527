"""Addresses and interface names: the one map everybody uses."""
