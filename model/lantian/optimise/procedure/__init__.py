"""The questions of the method in their order, from reach to shadow prices."""
