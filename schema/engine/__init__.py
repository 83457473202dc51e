"""The engine: how any field is declared, seen, priced, read and changed. It knows no noun."""
