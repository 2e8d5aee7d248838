"""The tables of a run, one function each; the declarations stand in ``results/contract/``."""
