"""Coding rules as data, and the one evaluator of them.

Rules get what they judge (`request`) and what is known (`facts`) handed in, and say what they found
(`report`). They import no code system and no store.
"""
