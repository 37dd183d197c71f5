"""Where new centres should go, under the project's rules, and the plans beside the best."""
