"""One walk or one place explained: which way, and why it takes so long."""
