"""Commitments of a plan -> uptake of moves; the clause ledger."""
