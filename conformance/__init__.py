"""What the service claims: capability statements and definitions, made from one registry."""
