"""The cases of a definition: run, and which are missing."""
