"""The embedded default: labs on the EOS twin."""
