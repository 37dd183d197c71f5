"""Two runs side by side: what is kept of a run, and what has changed."""
