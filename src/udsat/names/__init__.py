"""The one resolver of names: which area of which municipality a text names."""
