"""Made-up files in the publishers' real layouts, of any size, with words that no code set has."""
