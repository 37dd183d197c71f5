"""What would cure the centres: measures, the list that people work off, the pages to sign."""
