"""What if these sites were open: a table small enough for a page, and what it tells of any set."""
