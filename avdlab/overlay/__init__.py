"""What the lab changes in the intended configs, applied and reported."""
