"""The plans beside the best one: how sure it is, what else comes near, who gains, what is left."""
