"""How good it is: questions, metrics, and the tables that compare systems."""
