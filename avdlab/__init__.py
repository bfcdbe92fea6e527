"""avdlab: from an Arista AVD inventory to a validated lab, on the twin or on GNS3."""

__version__ = "0.1.0"
