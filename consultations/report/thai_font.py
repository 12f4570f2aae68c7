"""Sarabun for PDF, and a text layer from which Thai can be copied, searched and read.

Two faults of the usual way are put right.  (1) WeasyPrint writes, for each glyph, the
text of the first cluster it met it in, so one word poisons the letters of all others:
here every Thai glyph gets the letters of its own name.  (2) Shaping splits ำ into ํ and
า, and the pair is copied out as two letters that no search finds: here the font gets a
second า for use after ํ, whose text is ำ, while the ํ before it has none.
"""

from __future__ import annotations

import copy
import re
from functools import lru_cache
from importlib import resources
from io import BytesIO

from fontTools.otlLib import builder
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables

#: The name the product gives its face.  A machine may have a font named Sarabun (most
#: offices do): it would be taken instead, and it lacks what is done below.
FAMILY = "Rapfang Sarabun"
FILES = {400: "Sarabun-Regular.ttf", 600: "Sarabun-SemiBold.ttf"}
NIKHAHIT, AA, AM = "\u0e4d", "\u0e32", "\u0e33"
AFTER_NIKHAHIT = "uni0E32.am"
_UNI = re.compile(r"uni((?:[0-9A-F]{4})+)(?:\.|$)")
#: ํ that is no part of ำ: then the text layer keeps ํ and า as they are drawn.
_LONE = re.compile(f"{NIKHAHIT}(?![\u0e48-\u0e4b]?[{AA}{AM}])")


def has_lone_nikhahit(text: str) -> bool:
    """Tell whether a text has a ํ of its own, as in Pali."""
    return bool(_LONE.search(text))


@lru_cache(maxsize=4)
def font_bytes(weight: int) -> bytes:
    """Return Sarabun with the second า; the same bytes every time."""
    path = resources.files("fontpkg_sarabun") / "files" / FILES[weight]
    font = TTFont(BytesIO(path.read_bytes()), recalcTimestamp=False)
    aa = font.getBestCmap()[ord(AA)]
    font.setGlyphOrder([*font.getGlyphOrder(), AFTER_NIKHAHIT])
    font["glyf"][AFTER_NIKHAHIT] = copy.deepcopy(font["glyf"][aa])
    font["hmtx"][AFTER_NIKHAHIT] = font["hmtx"][aa]
    classes = font["GDEF"].table.GlyphClassDef if "GDEF" in font else None
    if classes is not None and aa in classes.classDefs:
        classes.classDefs[AFTER_NIKHAHIT] = classes.classDefs[aa]
    _substitute_after_nikhahit(font, aa)
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def _substitute_after_nikhahit(font: TTFont, aa: str) -> None:
    """Add the rule "า after a glyph with ํ becomes the second า", after all others."""
    before = {name for name in font.getGlyphOrder() if name.startswith("uni0E4D")}
    gsub = font["GSUB"].table
    lookups = gsub.LookupList.Lookup
    single = builder.buildLookup(
        [builder.buildSingleSubstSubtable({aa: AFTER_NIKHAHIT})]
    )
    glyphs = font.getReverseGlyphMap()
    rule = otTables.ChainContextSubst()
    rule.Format = 3
    rule.BacktrackGlyphCount, rule.InputGlyphCount, rule.LookAheadGlyphCount = 1, 1, 0
    rule.BacktrackCoverage = [builder.buildCoverage(before, glyphs)]
    rule.InputCoverage = [builder.buildCoverage({aa}, glyphs)]
    rule.LookAheadCoverage = []
    record = otTables.SubstLookupRecord()
    record.SequenceIndex, record.LookupListIndex = 0, len(lookups)
    rule.SubstCount, rule.SubstLookupRecord = 1, [record]
    lookups += [single, builder.buildLookup([rule])]
    gsub.LookupList.LookupCount = len(lookups)
    for feature in gsub.FeatureList.FeatureRecord:
        if feature.FeatureTag == "ccmp":
            feature.Feature.LookupListIndex.append(len(lookups) - 1)
            feature.Feature.LookupCount = len(feature.Feature.LookupListIndex)


def letters_of(name: str, character: str | None, *, lone: bool) -> str | None:
    """Return the letters that a glyph stands for; None where it is not ours to say.

    ``character`` is what the font's own table gives the glyph, if anything.
    """
    if name == AFTER_NIKHAHIT:
        return AA if lone else AM
    if character and not "\u0e00" <= character <= "\u0e7f":
        return character
    match = _UNI.match(name)
    letters = (
        "".join(chr(int(match[1][i : i + 4], 16)) for i in range(0, len(match[1]), 4))
        if match
        else character
    )
    if letters is None or lone:
        return letters
    return letters.replace(NIKHAHIT, "")


def repair_text_layer(fonts: object, *, lone: bool) -> None:
    """Give every glyph of WeasyPrint's fonts its own letters."""
    for font in fonts.values():  # type: ignore[attr-defined]
        file = TTFont(BytesIO(font.file_content), fontNumber=font.index, lazy=True)
        order = file.getGlyphOrder()
        characters = {name: chr(code) for code, name in file.getBestCmap().items()}
        for glyph in font.to_unicode:
            if glyph < len(order):
                name = order[glyph]
                letters = letters_of(name, characters.get(name), lone=lone)
                if letters is not None:
                    font.to_unicode[glyph] = letters
