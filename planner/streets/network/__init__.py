"""The walking network: the foot rules, and how drawn ways become junctions and segments."""
