"""The text of Thai law: numbers, words, structure, comparison.  No Django here."""
