"""Printed maps: sheets of paper at a stated scale, legible in grey."""
