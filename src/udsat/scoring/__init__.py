"""How a verdict is made: measure, judge, categorise, count the years."""
