"""How many sets of numbers can be asked for, by a scenario or on the command line."""

SAMPLES = 1000
"""Sets of numbers that a run draws where the scenario does not say how many."""
MOST_SEARCHED = 5_000
"""Most random sets of numbers of the search for robust mixes: their rows fill the memory."""
MOST_SAMPLES = 100_000
"""Sets of numbers of one run; more of them are refused."""
