"""Whom a plan brings within the limit: most people with n centres, fewest centres for all."""
