"""From a run of the machine to themes that people sign.

``runs`` starts, watches, cancels and revives the pipeline; ``pipeline`` is its process;
``store`` writes its result; ``state`` is the pure account of themes and places, and the
one rule of how a run is adopted; ``events`` writes every change as an event and plays
the events back; ``review`` holds what officials do; ``selectors`` and ``quotes`` read.
"""
