"""The reports of a plan as a bureau writes them (Word)."""
