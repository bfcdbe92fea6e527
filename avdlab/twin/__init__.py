"""A pure-Python EOS stand-in: state computed from running-config text, cabling, endpoints, faults.

Layers (checked by import-linter): `__main__` > eapi > cli > fabric > device > protocols > tables >
config > net. `device, protocols, tables, config` do no I/O: clocks, randomness and sockets are
handed in by the rim.
"""
