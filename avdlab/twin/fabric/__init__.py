"""Links, endpoints, faults, the clock, and the run to convergence over all devices."""
