"""What would cure each finding, what it costs, and the list of defects that people work off."""
