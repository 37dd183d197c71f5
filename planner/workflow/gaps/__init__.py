"""Where elders are left out: gap areas, the ways that would help, and how they are told."""
