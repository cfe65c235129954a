"""What comes in and goes out: reading, checking, references, lists, writing."""
