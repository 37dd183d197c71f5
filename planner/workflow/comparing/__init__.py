"""Two runs side by side, or a run beside its own siting plan."""
