"""Teaches the encoder on our own examples. Needs torch, in an environment of its own: make encoder.

Nothing here is imported by the service, by set-up or by Rasa's component.
"""
