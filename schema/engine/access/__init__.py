"""Access of a field: its rule, what is refused, what is masked, and what was read."""
