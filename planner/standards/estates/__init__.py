"""The care rooms that new estates owe, their four steps, and small rooms pooled into a centre."""
