"""One program in the solver, every answer checked."""
