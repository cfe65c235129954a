"""What is said to people: problems and their codes, notes, the language of a run."""
