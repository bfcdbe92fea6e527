"""Backends: from a topology to a running lab."""
