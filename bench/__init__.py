"""Measurements, printed as ratios taken in one run: machines differ, ratios less."""
