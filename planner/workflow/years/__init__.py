"""The years planned for: who lives where then, who can walk, what floor area is short."""
