"""Runs side by side: what was put in differently, and what came out differently.

Everything is made from the declared tables of finished runs; nothing is computed again. The first
run named is the reference, and every other run is held against it.
"""
