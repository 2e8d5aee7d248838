"""A study evaluated for many columns of its numbers: variants, samples, swings."""
