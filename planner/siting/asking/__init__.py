"""What every siting question is asked with: places, weights, rules, and what they mean together."""
