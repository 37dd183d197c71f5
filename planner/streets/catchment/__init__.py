"""The land and the streets from which a centre is reached in time."""
