"""The protocols as pure functions from settings and neighbors' state to state."""
