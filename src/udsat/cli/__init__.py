"""The command line: one file per command, and the one place that talks to the user."""
