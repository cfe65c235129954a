"""How verdicts and the law look to people."""
