"""What is stored and what is computed. Knows nobody above it: no protocol, no caller, no clock."""
