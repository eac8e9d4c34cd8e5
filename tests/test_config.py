"""Settings are read, overridden and refused in the user's terms."""

from __future__ import annotations

import dataclasses
from importlib import resources
from pathlib import Path

import pytest

from fastsum.config import Config, presets
from fastsum.errors import FastsumError

PRESETS = sorted(Path(str(resources.files("fastsum"))).glob("presets/*.toml"))


def refusal(text: str) -> str:
    with pytest.raises(FastsumError) as caught:
        Config.parse(text, "settings.toml")
    return caught.value.message


def override_refusal(*overrides: str) -> str:
    with pytest.raises(FastsumError) as caught:
        Config.load(None, overrides)
    return caught.value.message


def test_defaults_are_valid() -> None:
    assert Config.load() == Config() == Config.parse("", "nothing")


def test_toml_round_trip() -> None:
    config = Config.load(
        None, ("model.width=96", "training.learning_rate=3e-5", 'training.embeddings="a \\"b\\" ü.txt"')
    )
    assert config != Config()
    assert Config.parse(config.to_toml(), "again") == config


def test_every_setting_is_explained() -> None:
    source = (resources.files("fastsum") / "config.py").read_text("utf-8").splitlines()
    for section in Config().as_dict():
        for field in dataclasses.fields(getattr(Config(), section)):
            lines = [n for n, line in enumerate(source) if line.startswith(f"    {field.name}: ")]
            assert lines, field.name
            assert all(source[number + 1].startswith('    """') for number in lines), field.name


def test_file_over_defaults_and_overrides_over_file(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("[model]\nwidth = 64\nheads = 4\n")
    config = Config.load(path, ("model.width=32", "data.summary_tokens=7"))
    assert (config.model.width, config.model.heads, config.data.summary_tokens) == (32, 4, 7)
    assert config.training == Config().training


def test_settings_that_need_word_counts_are_reported() -> None:
    message = override_refusal("decoding.coverage=2", "training.part=words")
    assert "decoding.coverage needs model.word_counts" in message
    assert 'training.part "words" needs model.word_counts' in message
    assert Config.load(None, ("decoding.coverage=2", "training.part=words", "model.word_counts=true"))
    assert "decoding.coverage must not be negative" in override_refusal("decoding.coverage=-1")


def test_all_problems_are_reported_at_once() -> None:
    message = refusal(
        """
        [modle]
        width = 1
        [model]
        widht = 2
        heads = 0
        dropout = "much"
        [decoding]
        mode = "poetic"
        beam = 2.5
        [training]
        compile = 1
        """
    )
    assert message.startswith("settings.toml: ")
    for part in (
        "unknown section [modle] (did you mean model?)",
        "unknown key model.widht (did you mean width?)",
        "model.heads must be above 0, not 0",
        "model.dropout must be a number, not 'much'",
        "decoding.mode must be one of extractive, abstractive, not 'poetic'",
        "decoding.beam must be a whole number, not 2.5",
        "training.compile must be true or false, not 1",
    ):
        assert part in message


def test_unknown_names_are_answered_with_the_known_ones() -> None:
    assert "known: model, data, training, decoding" in refusal("[zzz]")
    assert "known: document_tokens," in refusal("[data]\nzzz = 1")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[model\n", "settings.toml: not valid TOML"),
        ("a = " + "[" * 100_000, "settings.toml: not valid TOML: nested too deeply"),
        ("model = 3", "model is a section, not a value"),
        ("[model]\nwidth = true", "model.width must be a whole number"),
        ("[model]\nwidth = 100\nheads = 7", "model.heads (7) must divide model.width (100)"),
        ("[model]\noutput_vocabulary_size = 30001", "must not exceed model.vocabulary_size"),
        ("[model]\nconvolution = 4", "model.convolution must be odd or 0"),
        ("[model]\nconvolution = -1", "model.convolution must not be negative"),
        ("[model]\ndropout = 1.0", "model.dropout must be from 0 to below 1"),
        ("[data]\nvalidation_fraction = 0", "data.validation_fraction must be between 0 and 1, not 0.0"),
        ('[training]\nprecision = "fp8"', "training.precision must be one of auto, fp32, bf16, fp16, not 'fp8'"),
        ("[training]\nweight_decay = -0.1", "training.weight_decay must not be negative"),
        ("[decoding]\nmin_tokens = 9\nmax_tokens = 8", "decoding.min_tokens must not exceed"),
        ("[decoding]\nsentences = 0\nwords = 0", "must not both be 0"),
    ],
)
def test_impossible_values(text: str, words: str) -> None:
    assert words in refusal(text)


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1" + "0" * 400])
@pytest.mark.parametrize(
    "key",
    [
        f"{section}.{key}"
        for section, table in Config().as_dict().items()
        for key, value in table.items()
        if isinstance(value, float)
    ],
)
def test_numbers_are_finite(key: str, value: str) -> None:
    assert key in override_refusal(f"{key}={value}")


@pytest.mark.parametrize("value", ["nan", "inf", "1.0"])
def test_counts_are_whole(value: str) -> None:
    assert "training.steps must be a whole number" in override_refusal(f"training.steps={value}")


def test_overrides() -> None:
    config = Config.load(
        None,
        (
            "training.steps = 10",
            "training.learning_rate=1",
            "training.compile=true",
            "decoding.mode=abstractive",
            "training.decay='linear'",
            "training.embeddings=C:\\vectors=new.txt",
            "training.steps=20",
        ),
    )
    training = config.training
    assert (training.steps, training.learning_rate, training.compile, training.decay) == (20, 1.0, True, "linear")
    assert type(training.learning_rate) is float
    assert training.embeddings == "C:\\vectors=new.txt"
    assert config.decoding.mode == "abstractive"


@pytest.mark.parametrize("text", ["steps=3", "training.steps", "training.=3", ".steps=3", "=", ""])
def test_override_of_another_form(text: str) -> None:
    assert f"{text!r} is not of the form section.key=value" in override_refusal(text)


def test_what_set_got_wrong_is_said_of_it() -> None:
    def said(source: str | Path | None, *overrides: str) -> str:
        with pytest.raises(FastsumError) as caught:
            Config.load(source, overrides)
        return caught.value.message

    assert said("tiny", "training.stepss=3") == "--set: unknown key training.stepss (did you mean steps?)"
    assert said("tiny", "modle.width=3") == "--set: unknown section [modle] (did you mean model?)"
    assert said(None, "steps=3").startswith("--set: 'steps=3' is not of the form")
    assert said("tiny", "model.heads=7").startswith("preset tiny and --set: model.heads (7) must divide")


def test_file_and_set_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("[training]\nstepss = 1\nclip = 'none'\n[model]\nwidth = 'wide'\n")
    with pytest.raises(FastsumError) as caught:
        Config.load(path, ("training.seed=x", "model.width=64"))  # which replaces the file's impossible width
    assert caught.value.message == (
        f"{path}: unknown key training.stepss (did you mean steps?); training.clip must be a number, not 'none'; "
        "--set: training.seed must be a whole number, not 'x'"
    )


def test_the_preset_that_config_refuses_is_not_offered() -> None:
    with pytest.raises(FastsumError, match="one of the presets: .*tiny") as caught:
        Config.load("tinny")
    assert "tuning" not in caught.value.message


def test_overrides_are_checked_like_a_file() -> None:
    message = override_refusal("training.step=3", "training.clip=none", "oops", "model.heads=5")
    for part in ("training.step (did you mean steps?)", "training.clip must be a number", "'oops'", "must divide"):
        assert part in message


def test_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FastsumError, match="No such file"):
        Config.load(tmp_path / "missing.toml")
    with pytest.raises(FastsumError, match="directory"):
        Config.load(tmp_path)
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(FastsumError, match="not UTF-8"):
        Config.load(tmp_path / "binary.toml")


def test_every_preset_is_valid() -> None:
    assert presets() == sorted(path.stem for path in PRESETS)
    for path in PRESETS:
        assert Config.load(path.stem) == Config.load(path)


@pytest.mark.parametrize(
    "key", ["window", "block", "global_tokens", "random_tokens", "projected_tokens", "pooling_window"]
)
@pytest.mark.parametrize("value", [0, -1])
def test_sizes_of_attention_are_positive(key: str, value: int) -> None:
    with pytest.raises(FastsumError, match=f"model.{key} must be above 0"):
        Config.load(None, (f"model.{key}={value}",))


@pytest.mark.parametrize(
    "change", ["attention_form=collapsed", "share_heads=true", "interaction=addition", "pooling=key"]
)
def test_other_mechanisms_refuse_settings_of_fastformer(change: str) -> None:
    with pytest.raises(FastsumError, match="with model.attention linear"):
        Config.load(None, ("model.attention=linear", f"model.{change}"))
    with pytest.raises(FastsumError, match="collapsed"):
        Config.load(None, ("model.attention_form=collapsed", "model.interaction=addition"))
