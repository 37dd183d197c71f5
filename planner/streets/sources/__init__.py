"""Street data from outside: OpenStreetMap files and graphs, downloads, the kept network."""
