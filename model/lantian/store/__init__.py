"""The run folder: write, read, list."""
