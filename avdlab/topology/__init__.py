"""From structured configs to nodes, links and endpoints."""
