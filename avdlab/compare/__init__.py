"""Recordings of a fabric's outputs, and how to compare them with what the twin answers.

A recording is a folder (recording.py): configurations, cabling, and what devices printed. Outputs
are cut into entries (tables.py), compared key by key under declared rules (rules.py), and counted
as equal, explained or wrong (result.py).
"""
