"""Payers: who they are, which plans they have, and what a plan says of a code."""
