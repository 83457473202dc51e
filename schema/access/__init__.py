"""Access as the contract shows it: the rule of a field, the matrix, refusals, and who read or changed what."""
