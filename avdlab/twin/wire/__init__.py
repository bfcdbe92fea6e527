"""The twin on real wires: one node per container, what it computes rests on frames it has seen."""
