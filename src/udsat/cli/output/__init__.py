"""Output of commands: which formats each has, where a result goes, and what writes it."""
