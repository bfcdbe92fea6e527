"""The command line of a device: exec commands, configuration modes, show commands."""
