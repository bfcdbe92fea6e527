"""The GNS3 backend: the lab as a project on a GNS3 server, cEOS containers as its nodes."""
