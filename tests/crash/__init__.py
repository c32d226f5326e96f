"""Kill -9 at every step of a turn."""
