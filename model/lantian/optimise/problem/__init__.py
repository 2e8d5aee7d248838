"""The least-cost problem as coefficient blocks: targets, limits, scales."""
