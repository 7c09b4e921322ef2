"""HCPCS Level II: CMS's quarterly file of codes and modifiers."""
