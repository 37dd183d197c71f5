"""Who walks: named walkers, what slopes cost them, minutes along segments."""
