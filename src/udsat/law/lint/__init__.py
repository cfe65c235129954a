"""Checks of criteria files: one rule a function."""
