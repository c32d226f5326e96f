"""What operators start, checked without the things that start it."""
