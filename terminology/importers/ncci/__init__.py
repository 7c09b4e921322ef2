"""Medicare's National Correct Coding Initiative: code pairs (PTP) and limits of units (MUE)."""
