"""How far everybody walks: least in sum (p-median), or for whoever walks farthest (p-center)."""
