"""Readers: from configuration lines to typed settings, one module per subject."""
