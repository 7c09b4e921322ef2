"""Value sets: what they hold, and whether a code is in them."""
