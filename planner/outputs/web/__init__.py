"""The web map: one page that opens without a network."""
