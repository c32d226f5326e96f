"""Alongside: the service."""
