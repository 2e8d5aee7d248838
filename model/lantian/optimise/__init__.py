"""Coefficients -> least-cost linear program -> HiGHS -> answers."""
