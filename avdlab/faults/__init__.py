"""Faults: brought about on purpose, healed for certain, and used to measure what tests notice."""
