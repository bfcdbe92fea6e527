"""The command line: one file per verb, lazily imported."""
