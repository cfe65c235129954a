"""Why one area has its verdict, and how far it is from another."""
