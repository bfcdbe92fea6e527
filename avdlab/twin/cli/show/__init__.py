"""Show commands, one module per feature, named as ANTA's test modules are."""
