"""Catalog and lab to results, through ANTA."""
