"""Who can walk to what: coverage as asked, capacity, access, and how the answers are told."""
