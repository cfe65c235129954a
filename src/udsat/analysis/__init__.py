"""What people ask of the verdicts."""
