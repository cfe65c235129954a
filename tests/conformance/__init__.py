"""The same tables through every engine, held against the oracle of fractions and against each other."""
