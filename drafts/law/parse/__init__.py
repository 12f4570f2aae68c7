"""Parse Thai legal text into ``LawText``: the grammar of docs/thai-law.md."""

from drafts.law.parse.document import letters, parse, text_of, to_text
from drafts.law.parse.normalise import SUBSTITUTIONS, normalise

__all__ = ["SUBSTITUTIONS", "letters", "normalise", "parse", "text_of", "to_text"]
