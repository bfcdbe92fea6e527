"""Configuration text: tree, mode grammar, sessions, diff, and the typed settings read from it."""
