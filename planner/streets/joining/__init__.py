"""Doors to streets: the nearest spot in sight, and the barriers between."""
