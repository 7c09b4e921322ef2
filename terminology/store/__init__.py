"""Where content is kept: whole releases, written once, read by many."""
