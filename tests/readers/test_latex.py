"""LaTeX as it is printed: without preamble, formulas, figures and tables, citations and references."""

from __future__ import annotations

import pytest

from fastsum.readers.blocks import Unreadable
from fastsum.readers.latex import read

PAPER = r"""
\documentclass{article} % a comment
\newcommand{\gauge}{\textsc{Gauge}}
\newcommand{\be}{\begin{equation}} \newcommand{\ee}{\end{equation}}
\title{Late floods\thanks{Paid by us.}}
\begin{document}
\maketitle
\begin{abstract}A tide gauge sank by \SI{11}{\centi\metre}~\cite{first}.\end{abstract}
\section{Data}\label{sec:data}
% alone
Gauges sink \citep{third}. The \gauge\ was moved (see Section~\ref{sec:data}).
\begin{figure}\includegraphics{a}\caption{A map.}\end{figure}
\begin{itemize}\item One. \item[Two:] another.\end{itemize}
Let $b$ be the error; then
\be a = b \ee
With this it is higher.
\begin{tabular}{ll} a & b \\ c & d \end{tabular}
\begin{verbatim}
\section{Not one}
\end{verbatim}
\begin{thebibliography}{9}\bibitem{first} A. \bibitem{third} B.\end{thebibliography}
\end{document}
Not this.
"""


def shown(text: str) -> str:
    return read(text.encode()).text


def test_a_paper_is_read_as_its_reader_sees_it() -> None:
    reading = read(PAPER.encode())
    assert reading.title == "Late floods"
    assert reading.text.split("\n\n") == [
        "# Late floods",
        "## Abstract",
        "A tide gauge sank by 11 cm.",
        "## Data",
        "Gauges sink. The Gauge was moved.",
        "- One.",
        "- Two: another.",
        "Let b be the error; then … With this it is higher.",
    ]
    assert {(part.what, part.number) for part in reading.left_out} == {
        ("code", 1), ("comments", 2), ("notes", 1), ("figures", 1), ("equations", 1), ("tables", 1), ("references", 2),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\citet{smith2019} shows it.", "Smith (2019) shows it."),
        (r"\citet{smith2019bert,jones2020} show it.", "Smith (2019) and Jones (2020) show it."),
        (r"\citet{ab12} shows it.", "[ab12] shows it."),
        (r"\bibitem[Jones et~al.(2020)Jones, Baker]{x} \citet{x} shows.", "Jones et al. (2020) shows."),
        (r"It is so \citep[see][p.~3]{a}, and \cite{b}.", "It is so, and [b]."),
        (r"As in \cite{b}, it is so \cite{c,d}.", "As in [b], it is so."),
        (r"\cite{b} proved it.", "[b] proved it."),
        (r"So said Hale et al.~\cite{b}. It is so.", "So said Hale et al. It is so."),
        (r"Figure~\ref{f} shows it (Fig.~\ref{f}, left).", "Figure [?] shows it."),
        (r"As \autoref{sec:a} says (see also \cref{fig:b,fig:c}).", "As Section [?] says."),
    ],
)
def test_citations_and_references_leave_a_sentence_whole(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            r"caf\'e, Erd\H{o}s, na\"{\i}ve, M\"uller, stra\ss e, \AA ngstr\"om",
            "café, Erdős, naïve, Müller, straße, Ångström",
        ),
        (r"``Owls'' 3--5 --- \$5, 10\% of R\&D, a\_b, \S 3", "“Owls” 3–5 — $5, 10% of R&D, a_b, § 3"),
        (r"\emph{A \textbf{b}} \underline{c} {\it d} \unknown{words} \x[w=3]{here}", "A b c d words here"),
        (r"Owls\footnote{A note.} hunt.\label{x} \vspace{2mm}\index{owl}Mice.", "Owls hunt. Mice."),
        (
            r"\added{New}\deleted{Old} \replaced{one}{other} \href{http://a.b}{link} \url{http://a.b/c_d}",
            "New one link http://a.b/c_d",
        ),
        (
            r"\ce{H2O} and \ce{SO4^2-}, 25\,km\textsuperscript{2}, the 5\textsuperscript{th}",
            "H2O and SO4^2-, 25 km^2, the 5th",
        ),
        (
            r"$10^{6}$ cells, CO$_2$, $\frac{1}{2}$, $\alpha$, 5$^\circ$C, $p<0.05$",
            "10^6 cells, CO2, 1/2, α, 5°C, p < 0.05",
        ),
        (
            r"\SI{3.5e2}{\gram\per\day}, \qty{5}{m.s^{-1}}, \SIrange{1}{2}{\percent}, \ang{45}",
            "3.5 × 10^2 g/d, 5 m·s^-1, 1 % to 2 %, 45°",
        ),
        (r"\newcommand{\tool}[1]{T#1\xspace}The \tool{x} works.", "The Tx works."),
        (r"\newacronym{pa}{PA}{public address}The \gls{pa} is a \acrlong{pa}.", "The PA is a public address."),
        ("a % comment\nb 5\\% c\n% alone\nd \\iffalse hidden \\fi e", "a b 5% c d e"),
        (r"\paragraph{Data.} It is $5 and no end", "# Data.\n\nIt is $5 and no end"),
        ("It is $5 here.\n\nAnd $x$ there.", "It is $5 here.\n\nAnd x there."),
        (r"a } b \end{x} c \begin{y} d { e", "a b c\n\nd e"),
        (r"Use \verb|a_{b}| here.", "Use a_{b} here."),
        (r"\nicefrac{1}{2} cup, 2\sfrac{3}{4} cups", "1/2 cup, 2 3/4 cups"),
        (r"It is \st{not} now \sout{30} 40", "It is now 40"),
        (r"\NewDocumentCommand{\pair}{O{7} m}{#1 of #2}\pair{owls}, \pair[3]{mice}", "7 of owls, 3 of mice"),
        (r"\DeclarePairedDelimiter{\size}{\lvert}{\rvert}It is $\size{x}$.", "It is |x|."),
        (r"\newif\ifdraft One \ifdraft not \else two \fi three", "One two three"),
        (r"\newif\ifdraft\drafttrue One \ifdraft two\ifx\one\two\fi{} \else not\iftrue\fi \fi three", "One two three"),
        (r"\iftrue One \else two \fi $x \iff y$ \ifthenelse{a}", "One x ⇔ y a"),
        (r"\begin{description}\item[Quay] A wall. \item[(i)] One.\end{description}", "- Quay – A wall.\n\n- (i) One."),
        (r"!!^a{formula} is !!{nonenumerable}, not !!a{element}s!!", "A formula is nonenumerable, not an elements!!"),
        (r"By $\Intro\lor$ it holds.", "By Intro ∨ it holds."),
    ],
)
def test_commands_show_what_they_print(text: str, expected: str) -> None:
    assert shown(text) == expected


def test_commands_of_formulas_that_are_defined_elsewhere_are_said() -> None:
    reading = read(rb"By $\Intro\lor$ and $\alpha \le \log \Proof x$ it holds, $\Intro$.")
    assert reading.text == "By Intro ∨ and α ≤ log Proof x it holds, Intro."
    assert reading.warnings == (
        "has commands that are defined elsewhere, and stand as their names in formulas: Intro, Proof.",
    )


def test_what_only_programs_of_tex_have_is_code() -> None:
    reading = read(rb"\makeatletter\def\a@b#1{\c@d\@parens{#1}}\makeatother It holds.")
    assert reading.text == "It holds."
    assert reading.left_out[0].what == "code"


def test_definitions_alone_are_refused() -> None:
    macros = "".join(f"\\newcommand{{\\{letter}x}}{{x}}\n" for letter in "abcdefghijkl")
    with pytest.raises(Unreadable, match="only definitions"):
        read(f"{macros}Index".encode())
    assert read(f"{macros}It holds for all of the x that are below y.".encode()).text


def test_no_other_file_is_read() -> None:
    reading = read(b"Text. \\input{secret} \\include{more}")
    assert reading.text == "Text."
    assert reading.warnings == ("includes other files, which were not read: secret, more.",)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "bomb", [r"\newcommand{\a}{\b\b\b\b\b\b\b\b\b\b}\newcommand{\b}{\a\a\a\a\a\a\a\a\a\a}\a", r"\def\x{\x\x}\x"]
)
def test_commands_that_grow_without_end_are_cut(bomb: str) -> None:
    assert len(shown(f"Text. {bomb}")) < 2_000_000
