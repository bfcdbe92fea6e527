"""Routing tables, BGP, OSPF and IS-IS."""
