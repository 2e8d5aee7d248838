"""Lantian: does a city's clean-air plan do what it promises, and what mix would be cheapest?"""

__version__ = "0.1.0"
