"""The commands and environments of LaTeX that readers know, by what becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fastsum.readers.tex.formulas import ARGUMENTS, pairs
from fastsum.readers.tex.siunitx import listed, number, quantity, unit


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


LEVELS = ("part", "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph")
OTHER_HEADINGS = {"frametitle": "section", "addsec": "section", "addchap": "chapter", "framesubtitle": "subsection"}
LEFT_OUT = {  # environments, and what to count them as
    **dict.fromkeys(_names("figure wrapfigure SCfigure sidewaysfigure subfigure marginfigure tikzpicture"), "figures"),
    **dict.fromkeys(_names("picture pspicture pgfpicture forest axis circuitikz teaserfigure overpic"), "figures"),
    **dict.fromkeys(_names("table wraptable sidewaystable longtable tabular tabularx tabulary tabbing"), "tables"),
    **dict.fromkeys(_names("supertabular xltabular tblr longtblr deluxetable threeparttable margintable"), "tables"),
    **dict.fromkeys(_names("algorithm algorithmic algorithm2e listing pseudocode prooftree"), "code"),
    **dict.fromkeys(_names("thebibliography references biblist"), "references"),
    **dict.fromkeys(_names("CCSXML titlepage IEEEbiography IEEEbiographynophoto keywords IEEEkeywords"), ""),
}
EQUATIONS = _names(
    "equation align gather multline eqnarray displaymath math flalign alignat dmath subequations empheq xalignat"
    " IEEEeqnarray gathered aligned split array cases eqnarray*"
)
NOTES = _names("footnote footnotetext thanks marginpar marginnote sidenote endnote todo")
FIGURES = _names("includegraphics epsfig epsfbox includesvg psfig caption captionof")
STRUCK = _names("st sout xout hcancel")
REFERENCES = _names("ref pageref eqref vref nameref subref fref")
CLEVER = _names("autoref cref Cref crefrange Crefrange labelcref Autoref zcref")
KIND_OF_LABEL = pairs("fig Figure sec Section tab Table eq Equation chap Chapter app Appendix")
_DROPPED = {  # by the arguments, which are no text
    "[{": _names(
        "label index bibliographystyle bibliography addbibresource nocite pagestyle thispagestyle input include"
        " vspace hspace vskip usepackage documentclass pagenumbering setstretch includeonly graphicspath hypersetup"
        " author date phantomsection affil affiliation institute address email keywords pacs title subtitle todo"
        " titlerunning authorrunning definecolor glsadd deleted color theoremstyle bibitem citestyle urlstyle"
        " subfile hypertarget linespread geometry ead orcid markboth markright enlargethispage captionsetup sisetup"
        " tikzset selectlanguage lstset usetikzlibrary setcitestyle newcounter stepcounter refstepcounter"
        " newlength DeclareSIUnit lstinputlisting verbatiminput"
    ),
    "{{": _names("setlength addtolength setcounter addtocounter addcontentsline rule fontsize"),
    "{{{": _names("newacronym newglossaryentry DeclareAcronym"),
}
DROPPED = frozenset(name for names in _DROPPED.values() for name in names)
CITES = _names(
    "cite citep citet citealp citealt citeauthor citeyear citeyearpar parencite textcite autocite footcite smartcite"
    " supercite fullcite citenum citeA citeNP shortcite newcite Citep Citet Textcite Parencite Autocite citeauthoryear"
    " onlinecite citeN shortciteN footfullcite citeyearNP Citeauthor cites parencites textcites autocites"
)
NAMING = _names(  # the authors are words of the sentence
    "citet Citet textcite Textcite citeauthor Citeauthor newcite citeA citealt citeN shortciteN textcites onlinecite"
)
QUANTITIES: dict[str, tuple[str, Callable[[Sequence[str]], str]]] = {
    "SI": ("[{[{", lambda given: quantity(given[0], given[-1])),
    "qty": ("[{{", lambda given: quantity(given[0], given[1])),
    "si": ("[{", lambda given: unit(given[0])),
    "unit": ("[{", lambda given: unit(given[0])),
    "num": ("[{", lambda given: number(given[0])),
    "numprint": ("[{", lambda given: number(given[0])),
    "ang": ("[{", lambda given: f"{number(given[0].partition(';')[0])}°"),
    "SIrange": ("[{{{", lambda given: f"{quantity(given[0], given[2])} to {quantity(given[1], given[2])}"),
    "qtyrange": ("[{{{", lambda given: f"{quantity(given[0], given[2])} to {quantity(given[1], given[2])}"),
    "numrange": ("[{{", lambda given: f"{number(given[0])} to {number(given[1])}"),
    "SIlist": ("[{{", lambda given: listed(given[0], given[1])),
    "qtylist": ("[{{", lambda given: listed(given[0], given[1])),
    "numlist": ("[{", lambda given: listed(given[0])),
}
ACRONYMS = _names("gls Gls glspl Glspl ac acp acs acl acf Ac acrshort acrlong acrfull acfull")
LAST = {  # the last argument is text
    **dict.fromkeys(_names("mbox fbox only raise emph textbf textit texttt textsc textsf"), "{"),
    **dict.fromkeys(_names("href hyperlink texorpdfstring adjustbox"), "{{"),
    **dict.fromkeys(_names("hyperref scalebox"), "[{"),
    **dict.fromkeys(_names("textcolor colorbox rotatebox foreignlanguage"), "[{{"),
    **dict.fromkeys(_names("makebox framebox textquote blockquote"), "[[{"),
    **dict.fromkeys(_names("resizebox multicolumn"), "{{{"),
    "parbox": "[[[{{",
    "raisebox": "{[[{",
}
FIRST = {  # the first argument is text
    **dict.fromkeys(_names("added chadded"), "[{"),
    **dict.fromkeys(_names("replaced chreplaced"), "[{{"),
    **dict.fromkeys(_names("ce cee enquote"), "{"),
}
WORDS = {
    **pairs("LaTeX LaTeX TeX TeX LaTeXe LaTeX2e BibTeX BibTeX S § P ¶ copyright © slash /"),
    "today": "",
    **pairs("eg e.g. ie i.e. textbackslash \\ textasciitilde ~ textasciicircum ^ lq ‘"),
    "etal": "et al.",
    **pairs("textellipsis … textregistered ® texttrademark ™ pounds £ euro € texteuro € textmu µ"),
    **pairs("textbar | textless < textgreater > checkmark ✓ rq ’ textquotesingle '"),
    "nobreakspace": " ",
}
ACCENTS = {
    "'": "\u0301",
    "`": "\u0300",
    "^": "\u0302",
    '"': "\u0308",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    **pairs("c ̧ v ̌ u ̆ H ̋ t ͡ d ̣ b ̱ k ̨ r ̊"),
}
"""The combining character of each command for an accent."""
WRITTEN = (("~", " "), ("&", " "), ("``", "“"), ("''", "”"), ("`", "‘"), ("---", "—"), ("--", "–"))
"""Signs of LaTeX's own within words, and what they print."""
FORMS = {
    **ARGUMENTS,
    **{name: form for form, names in _DROPPED.items() for name in names},
    **dict.fromkeys(CITES, "[[{"),
    **{name: form for name, (form, _) in QUANTITIES.items()},
    **LAST,
    **FIRST,
    **dict.fromkeys((*LEVELS, *OTHER_HEADINGS, *NOTES, *STRUCK, *FIGURES, *ACRONYMS), "[{"),
    **dict.fromkeys((*REFERENCES, *CLEVER), "{"),
    **dict.fromkeys(ACCENTS, "c"),
    **dict.fromkeys(_names("url nolinkurl path textsuperscript textsubscript"), "{"),
    **dict.fromkeys(("item", "\\", "newline", "linebreak"), "["),
    **dict.fromkeys(_names(f"{' '.join(WORDS)} and maketitle par appendix"), ""),
}
"""The arguments of commands, as `texparse.parse` takes them."""
