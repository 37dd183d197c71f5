"""Walks from many to many: the compiled searches, their tables, and shortcuts through them."""
