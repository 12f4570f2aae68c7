"""Grouping Thai comments into themes, locally and repeatably.  No Django here."""
