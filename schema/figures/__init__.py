"""Figures: indicators, observations of them, ratings made of those, and why they came out so."""
