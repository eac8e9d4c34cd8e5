"""Which of the shipped models a text is for: papers in every form that they come in, and everything else."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from fastsum.errors import FastsumError
from fastsum.model.genre import DESCRIPTION, GENRES, SHIPPED, Genre, best_of, genre_of, shipped

SAMPLES = Path(__file__).parents[2] / "data" / "samples"

PAPERS = {
    "medicine": """\
Introduction
Chronic venous insufficiency affects up to a third of adults in industrialised countries and is associated with pain, \
oedema and impaired quality of life [1, 2]. Although compression therapy remains the standard treatment, adherence is \
poor, and previous trials have reported inconsistent effects on ulcer recurrence [3-5]. Furthermore, few studies have \
examined patients over 80 years of age. The aim of this study was therefore to determine whether adjustable wraps \
improve adherence compared with conventional stockings.

Methods
We performed a randomised controlled trial in four outpatient clinics. Participants were allocated to wraps (n = 112) \
or stockings (n = 109). The primary outcome was measured at 6 months (Table 1).
""",
    "an introduction alone": """\
Soil salinity is one of the major abiotic factors that limit the growth of cereals in semi-arid regions. High \
concentrations of sodium reduce the uptake of water by roots and cause ionic imbalance within the cells. Tolerance \
to salt is a complex trait, which is controlled by multiple genes and depends on the developmental stage of the plant. \
However, the mechanisms by which barley excludes sodium from its leaves are not fully understood. Several transporters \
have been characterized in recent years, and their expression is known to increase in response to osmotic stress. \
Nevertheless, it remains unclear whether these responses are related to differences in yield among varieties.
""",
    "lower-cased and tokenised": """\
acute otitis media is among the most common infections of childhood , and recurrent episodes are associated with \
hearing loss . the diagnosis is based on clinical criteria , but previous studies have shown that otoscopy alone has \
a low specificity ( 1 , 2 ) . in the present study , 84 children with suspected otitis were seen by two observers . \
the agreement between observers was moderate ( kappa = 0.52 , 95% ci 0.38 - 0.66 ) . tympanometry was performed in all \
patients , and the results were compared with those of a control group ( p < 0.05 ) . these findings suggest that a \
second examination is indicated in cases of doubt .
""",
    "lower-cased, numbers masked": """\
BACKGROUND
the heat shock response is a conserved mechanism by which cells cope with misfolded proteins. in yeast, the \
transcription factor hsf <dig> regulates the expression of about <dig> genes, most of which encode chaperones. it was \
previously shown that the response is attenuated in aged cells, however, the molecular basis of this effect is unknown.

RESULTS
expression of all chaperones was reduced by <dig> % in old cells . we therefore analyzed the binding of hsf <dig> to \
its target promoters . as shown in figure <dig>  binding was significantly reduced.
""",
    "computer science": """\
1 Introduction

Graph partitioning is a fundamental problem in distributed computing. Given a graph G = (V, E), the objective is to \
divide V into k parts of roughly equal size such that the number of edges between different parts is minimised. The \
problem is NP-hard, and existing heuristics either require the entire graph in memory (Karlsson and Obi, 2014) or \
produce partitions of low quality (Deng et al., 2018). In this paper we propose a streaming algorithm that uses a \
constant amount of memory for each vertex. Our experiments on six datasets show that the proposed method reduces the \
edge cut by 14% compared with previous approaches, see Fig. 3 and Table 2.
""",
    "economics": """\
2. Data and empirical strategy

We use administrative data on all apprenticeships that began between 2004 and 2016. The sample consists of 48,310 \
contracts, which we match to the tax records of the employing firms. Table 1 presents descriptive statistics. Our \
identification strategy exploits the reform of 2009, which raised minimum wages in some sectors but not in others. \
Specifically, we estimate a difference-in-differences model in which the dependent variable is the logarithm of \
wages. Standard errors are clustered at the sector level. The coefficient of interest is positive and statistically \
significant in all specifications (cf. Moreau 2011); however, the effect on employment is close to zero.
""",
    "physics, Markdown": """\
# Thermal relaxation of granular chains

## Theory

Consider a chain of N identical spheres in contact. The force between neighbours follows the Hertz law, hence the \
equation of motion is nonlinear even for small displacements. In the limit of strong precompression the model reduces \
to a harmonic lattice, for which the dispersion relation is well known [7]. We show that the relaxation time diverges \
as a power of the precompression, with an exponent that is determined by the contact law. These predictions are \
tested in numerical simulations with periodic boundary conditions. The parameters are listed in Table I, and the \
velocity distribution is shown in Fig. 2(a).
""",
}

OTHERS = {
    "a news story": """\
Firefighters rescued 14 people from a cable car on Sunday after a lightning strike stopped it 60 metres above the \
gorge at Castell Vey. Nobody was hurt, police said. "We sang to keep the children calm," said Ines Moura, 41, who was \
travelling with her two daughters. The operator, which reopened the line last month, has been told to close it until \
engineers have looked at the brakes.
""",
    "news of a study": """\
People who nap for less than half an hour a day may have a lower risk of heart disease, a study published on Tuesday \
suggests. Researchers at the University of Carrow followed 3,400 patients for nine years and found that short naps \
were associated with a 12% lower risk. "It doesn't mean that you should sleep at your desk," said Dr Lena Brandt, who \
led the study. She told reporters that the results would have to be confirmed in a trial. Health officials said they \
would not change their advice. The findings appear in this week's Journal of Sleep.
""",
    "news, lower-cased and tokenised": """\
-lrb- cnn -rrb- a brazilian court ordered the mining company on friday to pay 40 million dollars to the families of \
those who died when the dam burst , the prosecutor 's office said . `` it is not enough , but it is a beginning , '' \
said rosa andrade , whose son was among the victims . the company said it would appeal . its lawyers have argued that \
the dam was n't under its control at the time .
""",
    "a chapter of a novel": """\
Chapter Three

The lamp had gone out again. Edda felt along the shelf for the matches, found the tin, and knew by its weight that it \
was empty. Somewhere below her the sea was at work on the cellar door. "Tomas?" she called. There was no answer. She \
thought of the letter in her coat, which she had not yet had the courage to open, and of the look on her father's face \
when he gave it to her. Then she went down the stairs, one hand on the wet wall, counting.
""",
    "a blog post": """\
I've been baking sourdough for about three years now, and I get asked the same question every week: why is my loaf so \
flat? Here's what I wish somebody had told me when I started. First, your starter probably isn't ready. Feed it twice \
a day and wait until it doubles. Second, you don't need fancy flour. I tried six different brands last winter and \
honestly couldn't tell the difference. What really matters is time. Let me know in the comments how yours turned out!
""",
    "meeting notes": """\
Residents' committee, 4 March
Present: A. Okoro (chair), J. Lind, P. Sousa. Apologies: M. Hart
1. Minutes of the last meeting were approved.
2. Roof: JL has two quotes, 8,400 and 9,150. Third quote due next week. Decision postponed to April.
3. Bicycle store: key was lost again. PS to order four copies.
4. Summer party: 21 June, if the courtyard is free. AO to ask the school about tables.
Next meeting: 1 April, 19:00, at Lind's.
""",
    "a manual": """\
To install the filter, switch off the pump and close both valves. Unscrew the housing by turning it to the left. \
Insert the new cartridge with the arrow pointing up, and make sure that the sealing ring sits in its groove. Tighten \
the housing by hand only. Open the inlet valve slowly and press the red button until the air has escaped. If water \
drips from the thread, switch off the pump again and check the ring. Replace the cartridge every six months.
""",
    "a letter to shareholders": """\
Dear shareholders, the year behind us was a good one for Norrland Timber. Sales rose by 9 per cent to 412 million, and \
we opened our third sawmill in Lund in September. Prices fell in the spring but came back after the summer. We will \
propose a dividend of 1.20 at the annual meeting in May. I would like to thank our 860 colleagues, who kept the mills \
running through a hard winter. Next year we want to invest in rail, so that fewer lorries go through our villages.
""",
    "an essay": """\
It is an old complaint that cities have no memory. We pull down the market hall and a generation later nobody can say \
where it stood. But forgetting is also a kindness. A town that kept every wall its grandfathers built would leave no \
room for its grandchildren. What we ought to ask of a building is not whether it is old, but whether anybody would \
miss it, and the honest answer is very often no. Let the dull ones go, and spend the money on those that people love.
""",
    "another language": """\
Die Gemeinde hat am Montag beschlossen, die alte Schule zu verkaufen. Der Käufer will darin Wohnungen bauen. Zwei \
Vereine, die dort ihre Räume haben, müssen bis zum Sommer ausziehen. Der Bürgermeister sagte, es gebe keine andere \
Lösung, denn das Dach sei undicht und die Heizung dreißig Jahre alt.
""",
}


CONTRACT = """\
7. Termination. Either party may terminate this Agreement upon thirty (30) days' written notice to the other party if \
the other party materially breaches any provision of this Agreement and such breach is not cured within the notice \
period. Upon termination the Licensee shall cease all use of the Software and shall, at the Licensor's option, return \
or destroy all copies thereof. Sections 4, 8 and 11 shall survive termination. 8. Limitation of liability. In no event \
shall either party be liable for indirect or consequential damages, however caused, arising out of this Agreement.
"""


OF_LIFE = ("medicine", "an introduction alone", "lower-cased and tokenised", "lower-cased, numbers masked")


@pytest.mark.parametrize("name", PAPERS)
def test_papers_of_medicine_and_biology_have_a_model(name: str) -> None:
    assert genre_of(PAPERS[name]) == ("paper" if name in OF_LIFE else "general")


@pytest.mark.parametrize("name", OTHERS)
def test_all_else_is_for_the_general_model(name: str) -> None:
    assert genre_of(OTHERS[name]) == "general"


def test_a_contract_is_not_for_the_model_of_papers() -> None:
    assert genre_of(CONTRACT) != "paper"


@pytest.mark.parametrize("name", [*PAPERS, *OTHERS])
def test_neither_case_nor_line_breaks_matter(name: str) -> None:
    text = {**PAPERS, **OTHERS}[name]
    expected = genre_of(text)
    assert genre_of(text.lower()) == genre_of(text.upper()) == genre_of(textwrap.fill(text, 60)) == expected


@pytest.mark.parametrize("text", ["", " \n\t", "!!! 12 ---", "Hello", "Two dogs were rescued.", "Results", "et al."])
def test_too_short_a_text_is_for_the_general_model(text: str) -> None:
    assert genre_of(text) == "general"


LONGER = """\
Drought induces suberin in the roots of wild einkorn: an analysis of gene expression in 48 populations

Abstract
Background: Roots of wild cereals respond to drought with several changes of their cell walls, but the genes that \
regulate these changes are poorly understood. Results: We identified 214 genes that were differentially expressed in \
treated plants. The total suberin content of the endodermis increased in 39 of 48 populations, and the effect was \
significant in those from dry sites. Conclusions: Our results suggest that suberin is important for drought tolerance.

Introduction
Suberin is a complex polymer that is deposited in the cell walls of the endodermis, and it plays a major role in the \
uptake of water (Halloran et al., 2011). Although previous studies have demonstrated that its formation is induced by \
abscisic acid, the molecular pathways are known in few species. In addition, genetic variation among natural \
populations has not been considered in the literature, and most experiments were performed with a single genotype.

Methods
Seeds were collected at 48 sites. Plants were grown in controlled conditions, and roots of 12 individuals of each \
population were sampled after 0, 6 and 14 days. Total RNA was extracted from 100 mg of tissue, and sequencing was \
conducted as previously reported (Ostrava et al., 2016). Differences between treatments were tested by analyses of \
variance.

Results
The mean concentration of suberin was 2.1 and 3.4 mg per g in control and treated plants, respectively (Fig. 2). \
Expression of the transcription factor MYB41 was increased, whereas that of two transport proteins was reduced.
"""


def test_a_paper_is_recognized_by_its_title_and_first_words_too() -> None:
    for words in (80, 150, 1_000):
        assert genre_of(" ".join(LONGER.split()[:words])) == "paper", words
    assert genre_of(" ".join(LONGER.split()[:15])) == "general"  # a title alone is too short to tell


def test_samples() -> None:
    assert genre_of((SAMPLES / "paper.md").read_text("utf-8")) == "general"
    assert genre_of((SAMPLES / "story.txt").read_text("utf-8")) == "general"
    for file in (SAMPLES / "rows").glob("*.jsonl"):
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            assert genre_of(row["article"]) == "general", row["id"]


def test_the_beginning_of_a_long_document_decides() -> None:
    paper, story = PAPERS["medicine"], (SAMPLES / "story.txt").read_text("utf-8")
    assert genre_of(60 * paper + 500 * story) == "paper"
    assert genre_of(20 * story + 500 * paper) == "general"


@pytest.mark.parametrize("part", ["\n", " * \n", "[1,", "(", "we ", "a", "1 ", "9.", "ß"])
def test_no_text_takes_long(part: str) -> None:
    started = time.process_time()
    genre_of(part * 100_000)
    assert time.process_time() - started < 0.5


def test_only_the_standard_library_is_imported() -> None:
    code = (
        "import sys; before = set(sys.modules); from fastsum.model.genre import genre_of; genre_of('A study.');"
        "names = {name.partition('.')[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names);"
        "print(*sorted(names - {'tomli'}))"  # in the standard library from Python 3.11 on, as tomllib
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "fastsum\n"


def test_every_shipped_folder_is_described_and_one_is_the_default() -> None:
    assert tuple(genre.name for genre in shipped()) == GENRES
    assert {path.name for path in SHIPPED.iterdir()} == set(GENRES)
    assert [genre.name for genre in shipped() if genre.default] == ["general"]


BALLAD = """\
about = "ballads"
threshold = 0.02
[[evidence]]
weight = 1
words = "fair maiden thee thou thy"
[[evidence]]
weight = 3
pattern = '\\bquoth\\b'
"""

SONG = """\
"Where hast thou been," quoth the miller's wife, "and where is thy grey mare?" "I lost her on the moor last night, and \
I left my good coat there." "Fie on thee," quoth the miller's wife, "thou hast been to the inn. Thy mare is in the \
stable now, and thy coat is on a pin." "Then fetch it me, thou fair good wife, and I shall love thee long."
"""


def with_a_third(folder: Path) -> Path:
    """A folder like `fastsum/checkpoints` with another model in it, for ballads."""
    folder.mkdir()
    for name in GENRES:
        (folder / name).symlink_to(SHIPPED / name)
    (folder / "ballad").mkdir()
    for file in (SHIPPED / GENRES[0]).iterdir():
        (folder / "ballad" / file.name).symlink_to(file)
    (folder / "ballad" / DESCRIPTION).unlink()
    (folder / "ballad" / DESCRIPTION).write_text(BALLAD, "utf-8")
    return folder


def package_with_a_third(folder: Path) -> Path:
    """A package like `fastsum` with another model in it; returns the folder of its description."""
    package = folder / "fastsum"
    package.mkdir()
    for path in SHIPPED.parent.iterdir():
        if path.name not in ("checkpoints", "__pycache__"):
            (package / path.name).symlink_to(path)
    return with_a_third(package / "checkpoints") / "ballad"


def python(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """What Python does with the package in `folder`."""
    environment = {**os.environ, "PYTHONPATH": str(folder), **variables}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_a_third_model_is_chosen_for_its_documents_alone(tmp_path: Path) -> None:
    genres = shipped(with_a_third(tmp_path / "checkpoints"))
    assert [genre.name for genre in genres] == [GENRES[0], *sorted([*GENRES[1:], "ballad"])]
    assert genre_of(SONG) == GENRES[0]
    assert best_of(genres, SONG) == "ballad"
    assert best_of(genres, "quoth " * 2) == "ballad"
    assert best_of(genres, "quoth") == GENRES[0]  # 3, where 200 words at least need more than 4
    for text in (*PAPERS.values(), *OTHERS.values()):
        assert best_of(genres, text) == genre_of(text)


def test_the_highest_score_wins_among_several(tmp_path: Path) -> None:
    genres = shipped(with_a_third(tmp_path / "checkpoints"))
    text = PAPERS["medicine"].lower() * 5
    assert best_of(genres, text) == "paper"
    assert best_of(genres, text + "quoth " * 900) == "ballad"


def test_a_genre_is_recognized_before_all_of_a_text_is_searched_as_by_its_whole_score() -> None:
    random.seed(0)
    recognized = []
    for _ in range(800):
        patterns = tuple((re.compile(word), random.choice((-3, -1, 1, 3))) for word in random.sample("cdefg", 3))
        genre = Genre("x", "", False, random.choice((0.01, 0.05, 0.1)), {"a": 2, "b": -1}, patterns)
        words = random.choices("aabcdefgh", k=random.randrange(400))
        recognized.append(genre.recognizes(" ".join(words), words))
        assert recognized[-1] == (genre.score(" ".join(words), words) > 1)
    assert 200 < sum(recognized) < 600


def test_a_third_model_is_offered_everywhere(tmp_path: Path) -> None:
    package_with_a_third(tmp_path)
    code = (
        "from fastsum import genre_of; from fastsum.cli import info, options; from fastsum.model import checkpoint;"
        "print(genre_of('quoth ' * 9), checkpoint.locate('ballad').name, info.models(['ballad'])[0].name,"
        "options.model_names('ballad'), options.MODEL.help)"
    )
    names = ", ".join([GENRES[0], *sorted([*GENRES[1:], "ballad"])])
    assert python(tmp_path, "-c", code).stdout == (
        f"ballad ballad ballad [('ballad', 'ballads')] {names} or the folder of a checkpoint of your own.\n"
    )


def test_an_unusable_description_is_reported_where_a_model_is_chosen_by_it(tmp_path: Path) -> None:
    path = package_with_a_third(tmp_path) / DESCRIPTION
    path.write_text(BALLAD.replace("words", "wrods"), "utf-8")
    start = "import sys; from fastsum.cli.app import main; sys.argv[0] = 'fastsum'; main()"  # the installed command
    for program in (("-m", "fastsum"), ("-c", start)):
        for arguments in (["--help"], ["summarize", "--help"], ["config"], ["--version"]):
            done = python(tmp_path, *program, *arguments)
            assert (done.returncode, done.stderr) == (0, ""), arguments
    story = str(SAMPLES / "story.txt")
    done = python(tmp_path, "-m", "fastsum", "summarize", story)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"fastsum: error: {path}: not the description of a model (unknown key evidence.")
    assert done.stderr.count("\n") == 1, done.stderr
    done = python(tmp_path, "-m", "fastsum", "summarize", "--model", "general", story)  # no description is needed
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout
    line = {"COMP_WORDS": "fastsum info ", "COMP_CWORD": "2", "_FASTSUM_COMPLETE": "complete_bash"}
    done = python(tmp_path, "-m", "fastsum", **line)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("about = ", "Invalid value"),
        ("threshold = 1.0", "the key about is missing"),
        ('about = "x"', "neither default = true nor a threshold"),
        ('abuot = "x"', "unknown key abuot (did you mean about?)"),
        ('about = "x"\ndefault = 1', "default must be true or false, not 1"),
        ('about = "x"\nthreshold = "1"', "threshold must be a number, not '1'"),
        ('about = "x"\nthreshold = 1\nevidence = 3', "evidence must be tables"),
        ('about = "x"\nthreshold = 1.0\n[[evidence]]\nwords = "y"', "evidence needs a weight"),
        ('about = "x"\nthreshold = 1.0\n[[evidence]]\nweight = 1', "and words or a pattern"),
        ('about = "x"\nthreshold = 1.0\n[[evidence]]\nweight = 0\nwords = "y"', "evidence.weight must not be 0"),
        ('about = "x"\nthreshold = 1.0\n[[evidence]]\nweight = 1\nwords = ["y"]', "evidence.words must be text"),
        ('about = "x"\nthreshold = 1.0\n[[evidence]]\nweight = 1\nwrods = "y"', "wrods (did you mean words?)"),
        (
            'about = "x"\nthreshold = 1.0\n[[evidence]]\nweight = 1\npattern = "(y"',
            "evidence.pattern '(y' is not a regular expression: missing )",
        ),
    ],
)
def test_an_unusable_description_is_named(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "ballad" / DESCRIPTION
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    with pytest.raises(FastsumError) as caught:
        shipped(tmp_path)
    assert caught.value.message.startswith(f"{path}: not the description of a model (")
    assert reason in caught.value.message


def test_an_installation_without_models_says_so() -> None:
    with pytest.raises(FastsumError, match="no model ships with this installation; reinstall fastsum"):
        best_of((), "A text.")
