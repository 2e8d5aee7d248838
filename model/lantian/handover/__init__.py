"""A run as a report: one content, written as a page, a Word document or a workbook.

The content is made from the declared tables of the run and its charts; no number is in it that
they do not hold.
"""
