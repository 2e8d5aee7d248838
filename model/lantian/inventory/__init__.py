"""What is emitted today: regions bottom-up by sector, or finished inventories of tonnes."""
