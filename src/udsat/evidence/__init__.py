"""What verdicts rest on beside the table: references, published lists, borders, other names."""
