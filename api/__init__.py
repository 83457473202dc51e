"""The HTTP edge: wires everything together, decides nothing."""
