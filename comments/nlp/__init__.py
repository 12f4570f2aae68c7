"""Grouping Thai comments into themes, locally and repeatably.  No Django here.

``pipeline.run`` does the whole of it; ``python -m comments.nlp`` is the same from the
command line.  What a reader should know of the method is in the docstrings of
``duplicates``, ``vectors``, ``cluster`` and ``rare``.
"""
