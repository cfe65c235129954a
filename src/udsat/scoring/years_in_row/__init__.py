"""Years in a row: which earlier lists count, where an area missed one, and the look back."""
