"""Code systems: one way to ask them, whatever they are kept in and whatever grammar they have."""
