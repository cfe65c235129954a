"""An independent reading of the law, written apart from the engine, and tables to compare the two on."""
