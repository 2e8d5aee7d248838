"""Results -> the tables of a run and its labelled arrays."""
