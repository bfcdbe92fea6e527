"""ANTA tests of our own. They run on any EOS, from any ANTA catalog: `avdlab.validate.tests.evpn`.

Each asks commands whose JSON real EOS was recorded to print, or that ANTA itself reads.
"""
