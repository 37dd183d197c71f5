"""A planner's own road layer: its columns, its levels, its crossings and its near ends."""
