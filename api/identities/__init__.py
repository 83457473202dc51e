"""First sign-in: an account that nobody is linked to, and the person whom its facts name."""
