"""Places people write to us."""
