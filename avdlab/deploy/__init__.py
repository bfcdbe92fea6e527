"""Intended configurations to devices, by eAPI config sessions."""
