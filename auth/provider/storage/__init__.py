"""What the provider keeps in PostgreSQL: one noun a file, every change of state one atomic transaction."""
