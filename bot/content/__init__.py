"""Vetted texts and the registers of facts they draw on."""
