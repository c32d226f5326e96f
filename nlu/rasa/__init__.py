"""What runs in Rasa's own environment, Python 3.10 (docs/decisions/0001)."""
