"""One file per chart; each declares ``CHART``. The folder is scanned in sorted order."""
