"""The rim of the twin: eAPI over HTTP(S) for every node, and the control endpoint."""
