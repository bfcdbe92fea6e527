"""The command line of every node over SSH."""
