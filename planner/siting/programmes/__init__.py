"""What to build, enlarge, take over and close for the money, year by year, within capacity."""
