"""What a district has for its elders: square metres, beds and carers, by tier."""
