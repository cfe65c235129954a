"""What the law says: the criteria files as types, and which was in force when."""
