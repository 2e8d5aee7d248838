"""NumPy kernels and the system of states and moves; no files, no text."""
