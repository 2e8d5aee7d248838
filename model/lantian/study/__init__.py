"""A scenario put together, solved and asked about: load, solve, questions."""
