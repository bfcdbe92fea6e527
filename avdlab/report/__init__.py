"""Results and topology to JUnit, JSON and tables."""
