"""From emissions to the indicators that plans promise: PM2.5 and dustfall."""
