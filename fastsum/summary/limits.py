"""Limits: how long a summary is and how it is made, from a model's configuration and the options asked for."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict, cast

from fastsum.config import DecodingConfig
from fastsum.errors import UsageError

if TYPE_CHECKING:
    from typing_extensions import Unpack

MODES = ("extractive", "abstractive")
LENGTHS = {"short": 0.5, "medium": 1.0, "long": 2.0}
"""Lengths by name, as factors of a model's default."""

DEPTHS = range(1, 7)
"""Depths of an outline."""

_BRIEF = 300  # words of a document of which one sentence may be the summary
_WORDS_PER_ROOT = 4.0  # of a document's number of words: the default limit


class SummaryOptions(TypedDict, total=False):
    """What can be asked of a summary; for what is None or left out, the model's configuration decides."""

    mode: str | None
    """"extractive" (the salient sentences themselves) or "abstractive" (rewritten by the decoder)."""
    sentences: int | None
    """Number of sentences. There are fewer only where the document has no more that differ, or `words` leaves no room
    for them; a note says so."""
    words: int | None
    """Maximum number of words. Without `sentences`, as many sentences are taken as fit, so the summary ends less than
    one sentence short of it; where every sentence is longer, the most salient one is cut, and a note says so."""
    ratio: float | None
    """`words` as a share of the document's words, above 0 and at most 1."""
    length: str | None
    """"short", "medium" or "long": half, once or twice the model's usual length. It excludes the three above."""
    beam: int | None
    """Beam size, the hypotheses that beam search keeps; 1 is greedy."""
    outline: int | None
    """To which depth of headings, 1 to 6, the summary goes section by section; None for a summary of the whole. The
    lengths above are then of the outline, which has one to three sentences for each section."""
    about: str | None
    """A question or words: the summary is of what the document says about them, and empty where that is nothing."""


def given(options: SummaryOptions) -> SummaryOptions:
    """The options that are not None."""
    return cast(SummaryOptions, {name: value for name, value in options.items() if value is not None})


class Limits(NamedTuple):
    """How summaries are made: a model's configuration with the options applied."""

    decoding: DecodingConfig
    exact: bool = False
    """Whether a number of sentences or words was asked for, which must be reached even if some repeat n-grams."""
    ratio: float = 0.0
    """If not 0, the maximum number of words as a share of the document's."""
    scale: float = 1.0
    """Factor of the default length, if none was asked for in sentences or words."""
    outline: int = 0
    """The depth of an outline; 0 for a summary of the whole."""
    about: str = ""
    """What the summary is to be about, if not the whole document. Sentences with a salience of 0 are then left out."""

    @property
    def is_learned(self) -> bool:
        """Whether the length follows from the words that the summary of a whole document is expected to have."""
        return self.decoding.learned_length and not (self.about or self.outline)

    def of(self, text: str) -> Limits:
        """The limits for one document. If no length was asked for or learned, a short document gets a shorter summary:
        abstracts and highlights grow with their documents, but more slowly."""
        settings, words = self.decoding, len(text.split())
        if self.ratio:
            room = max(1, int(self.ratio * words))
        elif self.exact or not settings.words or self.is_learned:
            room = settings.words
        else:
            room = min(settings.words, math.ceil(self.scale * _WORDS_PER_ROOT * math.sqrt(words)))
        fewest = settings.min_sentences if words > _BRIEF and self.scale >= 1 else 0
        return self._replace(decoding=dataclasses.replace(settings, words=room, min_sentences=fewest), ratio=0.0)


def limits_for(decoding: DecodingConfig, **options: Unpack[SummaryOptions]) -> Limits:
    """The limits that a model's configuration and these options give. Raises UsageError for impossible options."""
    if unknown := options.keys() - SummaryOptions.__annotations__.keys():
        known = ", ".join(SummaryOptions.__annotations__)
        raise TypeError(f"unknown option {', '.join(sorted(unknown))}; there are {known}")
    mode, sentences, words = options.get("mode"), options.get("sentences"), options.get("words")
    ratio, length, beam = options.get("ratio"), options.get("length"), options.get("beam")
    given = {"sentences": sentences, "words": words, "beam": beam}
    for name, value in given.items():
        if value is not None and (type(value) is not int or value < 1):
            raise UsageError(f"{name} must be a whole number above 0, not {value!r}")
    if ratio is not None and not (isinstance(ratio, (int, float)) and 0 < ratio <= 1):
        raise UsageError(f"ratio must be a number above 0 and at most 1, not {ratio!r}")
    if mode is not None and mode not in MODES:
        raise UsageError(f"mode {mode!r} is unknown; choose {' or '.join(MODES)}")
    if length is not None and length not in LENGTHS:
        raise UsageError(f"length {length!r} is unknown; choose one of {', '.join(LENGTHS)}")
    if words is not None and ratio is not None:
        raise UsageError("words and ratio are both limits on the number of words; give one of them")
    if length and (others := [name for name in ("sentences", "words", "ratio") if options.get(name)]):
        raise UsageError(f"length cannot be combined with {' and '.join(others)}; give one or the other")
    depth, decoding = _outlined(decoding, options)
    about = options.get("about")
    if about is not None and not (isinstance(about, str) and any(map(str.isalnum, about))):
        raise UsageError(f"about must be a question or words, not {about!r}")
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    exact = any(value is not None for value in (sentences, words, ratio))
    if exact:  # a limit asked for replaces all of the configuration's
        changes |= {"sentences": sentences or 0, "words": words or 0, "min_salience": 0.0, "learned_length": False}
    factor = LENGTHS[length or "medium"]
    if length is not None:
        changes |= {name: math.ceil(factor * getattr(decoding, name)) for name in ("sentences", "words")}
        changes["min_salience"] = 0.0
    if about is not None:  # what is salient then is on another scale
        changes["min_salience"] = 0.0
    if mode is not None:
        changes["mode"] = mode
    return Limits(dataclasses.replace(decoding, **changes), exact, ratio or 0.0, factor, depth, about or "")


def _outlined(decoding: DecodingConfig, options: SummaryOptions) -> tuple[int, DecodingConfig]:
    """The depth of an outline, 0 for none, and the configuration for it. Raises UsageError for an impossible one."""
    depth = options.get("outline")
    if depth is None:
        return 0, decoding
    if type(depth) is not int or depth not in DEPTHS:
        raise UsageError(f"the depth of an outline must be a whole number from 1 to {DEPTHS[-1]}, not {depth!r}")
    if options.get("mode") == "abstractive":
        raise UsageError("an outline has the document's own sentences; leave out the mode abstractive")
    return depth, dataclasses.replace(decoding, mode="extractive")
