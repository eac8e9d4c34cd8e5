"""Questions of fact about the samples: is the answer among the first three sentences?"""

from __future__ import annotations

from pathlib import Path

from fastsum import Summarizer
from fastsum.summary.about import find_about
from fastsum.summary.extraction import extract
from fastsum.summary.limits import limits_for
from fastsum.text.source import read_source

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
# Each question with words of the sentence that answers it.
QUESTIONS = {
    "paper.md": {
        "What did the equipment cost?": "€69 for each dwelling",
        "How much do the blinds cost?": "€412",
        "How much does it cost to run a fan?": "€7 in a year",
        "What would an air conditioner have cost?": "€1,640",
        "How many tenants were enrolled?": "612",
        "When was the study carried out?": "16 May and 2 October",
        "How many participants died?": "Nine participants",
        "How long were the fans used?": "6.2 hours",
        "How old were the participants?": "74.8",
        "How much electricity did the fans use?": "0.21 kWh",
        "How many nights were hot?": "47 of the 140",
        "How large was the effect on sleep efficiency?": "2.7 percentage points",
        "How many falls were there?": "118 falls",
        "When were the blocks built?": "1958 and 1979",
        "How much were participants paid?": "€20",
    },
    "story.txt": {
        "How much will the repairs cost?": "£4.2 million",
        "When will the ferry stop sailing?": "14 November",
        "What does a ticket cost?": "£18",
        "How many sheep were to be shipped?": "2,600 sheep",
        "Who chairs the community trust?": "Morag Tennant",
        "When is the new ship expected?": "summer of 2027",
        "How much is the subsidy?": "£3.1 million",
        "Who is the managing director?": "Peter Lindqvist",
        "How much money did the minister promise?": "£1.5 million",
        "When were the cracks discovered?": "27 October",
        "How old is the ferry?": "31-year-old",
        "How many patients need dialysis?": "six who need dialysis",
    },
}


def test_most_questions_of_fact_are_answered() -> None:
    summarizer = Summarizer.load("general", threads=1)
    answered = []
    for name, questions in QUESTIONS.items():
        source = read_source((SAMPLES / name).read_text(encoding="utf-8"), summarizer.tokenizer)
        estimates = summarizer.engine_for("extractive").estimate([source], counts=True)
        for question, answer in questions.items():
            found = find_about(source, estimates.saliences[0], question, estimates.expected[0])
            limits = limits_for(summarizer.config.decoding, sentences=3, about=question)
            summary = extract(source, found.salience, limits, found.expected)
            answered.append(answer in " ".join(str(summary).split()))
    assert sum(answered) >= 21  # 15 before sentences that have what is asked for were preferred
