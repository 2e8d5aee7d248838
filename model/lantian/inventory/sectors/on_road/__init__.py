"""On-road vehicles: which there are, their numbers, corrections and factors."""

from lantian.inventory.sectors.on_road.declaration import SECTOR, OnRoadModel, declare

__all__ = ["SECTOR", "OnRoadModel", "declare"]
