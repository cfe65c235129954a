"""Verdicts against the published lists, with tested causes of each mismatch."""
