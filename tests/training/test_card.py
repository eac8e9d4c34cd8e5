"""The model card says what was trained and what was scored."""

from __future__ import annotations

from fastsum.config import Config
from fastsum.training.card import write_card

SCORES = {"rouge1": 40.0, "rouge2": 20.0, "rougeLsum": 30.0}


def card(*overrides: str) -> str:
    config = Config.load("tiny", overrides)
    return write_card(3, 60.0, SCORES, config=config, data="rows", scored=7, hardware="a machine", parameters=10**6)


def test_it_names_the_attention_of_the_encoders() -> None:
    assert "\nA Fastformer encoder-decoder that selects" in card()
    assert "\nA Longformer encoder-decoder that selects" in card("model.attention=longformer")


def test_it_counts_the_rows_that_were_scored_and_the_steps() -> None:
    assert "| validation ROUGE-1/2/Lsum | 40.0 / 20.0 / 30.0 (extractive, 7 rows) |" in card(
        "training.validate_rows=500"
    )
    assert "| steps | 3 of 20, " in card("training.steps=20")
