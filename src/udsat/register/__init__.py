"""Register rows: from persons to numerators and bases per area and year."""
