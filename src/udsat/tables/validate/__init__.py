"""Checks what was read, and lays it on exact scales."""
