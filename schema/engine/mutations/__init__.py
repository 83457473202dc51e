"""What every mutation shares: who acts, keys, refusals, the audit entry."""
