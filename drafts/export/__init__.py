"""A frozen version as a file: plain text, Word, Akoma Ntoso, and HTML for paper.

The writers take a ``LawText`` and know no Django; ``version`` reads one from the
frozen rows.  PDF is made from ``paper`` by whoever has Pango (consultations/paper.py).
"""
