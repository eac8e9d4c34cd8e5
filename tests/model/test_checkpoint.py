"""A checkpoint survives kills, full disks and damage, or is refused with a reason."""

from __future__ import annotations

import errno
import hashlib
import os
import pickle
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from fastsum.config import Config, DecodingConfig, ModelConfig
from fastsum.errors import FastsumError
from fastsum.model import checkpoint, checkpoint_folder, digests
from fastsum.model.batching import Documents
from fastsum.model.genre import GENRES
from fastsum.model.network import SummaryModel
from fastsum.text.tokenizer import Tokenizer

FILES = ("model.safetensors", "config.toml", "tokenizer.json", "README.md", "training.safetensors", "SHA256SUMS")
TOKENIZER = Tokenizer.train(["the cat sat on the mat ."], 10)
MODEL = ModelConfig(
    vocabulary_size=10,
    output_vocabulary_size=7,
    width=8,
    heads=2,
    encoder_layers=1,
    sentence_layers=1,
    decoder_layers=1,
    feedforward=8,
)
CONFIG = Config(model=MODEL, decoding=DecodingConfig(sentences=2))


def some_model(seed: int = 0, config: ModelConfig = MODEL) -> SummaryModel:
    torch.manual_seed(seed)
    return SummaryModel(config).eval()


def some_training(seed: int = 0) -> checkpoint.TrainingState:
    generator = torch.Generator().manual_seed(seed)
    tensors = {
        "moments.weight": torch.randn(3, 4, generator=generator),
        "random": torch.get_rng_state(),
        "count": torch.tensor(7),
        "nothing": torch.empty(0),
    }
    return checkpoint.TrainingState(tensors, {"step": 12, "best": 0.1 + 0.2, "run": "naïve", "losses": [1.5, None]})


def save(directory: Path, seed: int = 0, **changes: Any) -> None:
    parts: dict[str, Any] = {
        "config": CONFIG,
        "tokenizer": TOKENIZER,
        "weights": some_model(seed).state_dict(),
        "card": f"# Model {seed}\n",
        "training": some_training(seed),
    }
    checkpoint.save(directory, **(parts | changes))


def read_all(directory: Path) -> tuple[checkpoint.Checkpoint, checkpoint.TrainingState]:
    return checkpoint.load(directory), checkpoint.load_training(directory)


def replace(directory: Path, name: str, data: bytes) -> None:
    """Another content for one file, with a digest to match."""
    (directory / name).write_bytes(data)
    sums = (directory / "SHA256SUMS").read_text().splitlines(keepends=True)
    kept = [line for line in sums if line.split()[1] != name]
    (directory / "SHA256SUMS").write_text("".join([*kept, f"{hashlib.sha256(data).hexdigest()}  {name}\n"]))


def refusal(directory: Path) -> str:
    with pytest.raises(FastsumError) as caught:
        read_all(directory)
    assert "\n" not in caught.value.message
    return caught.value.message


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    save(tmp_path / "model")
    return tmp_path / "model"


class TestRoundTrip:
    def test_everything_comes_back(self, saved: Path) -> None:
        found, training = read_all(saved)
        assert found.config == CONFIG
        assert found.tokenizer.to_bytes() == TOKENIZER.to_bytes()
        assert found.card == "# Model 0\n"
        assert found.directory == saved
        for name, tensor in some_model().state_dict().items():
            assert torch.equal(found.weights[name], tensor), name
        expected = some_training()
        assert training.values == expected.values
        assert training.tensors.keys() == expected.tensors.keys()
        for name in ("moments.weight", "count", "nothing"):
            assert torch.equal(training.tensors[name], expected.tensors[name])
            assert training.tensors[name].dtype == expected.tensors[name].dtype
        torch.set_rng_state(training.tensors["random"])

    def test_model_computes_the_same(self, saved: Path) -> None:
        documents = Documents(torch.tensor([[4, 5, 6, 7]]), torch.tensor([[1, 3]]))
        before = torch.get_rng_state()
        model = checkpoint.load(saved).model()
        assert torch.equal(torch.get_rng_state(), before)
        assert not model.training
        for found, expected in zip(model.encode(documents), some_model().encode(documents), strict=True):
            assert torch.equal(found, expected)

    def test_models_share_nothing_with_the_checkpoint(self, saved: Path) -> None:
        found = checkpoint.load(saved)
        model = found.model()
        with torch.no_grad():
            for parameter in model.parameters():
                assert parameter.requires_grad
                parameter.zero_()
        for name, tensor in some_model().state_dict().items():
            assert torch.equal(found.weights[name], tensor), name
        checkpoint.load(saved)

    def test_bfloat16_is_stored_as_such_and_computed_in_float32(self, saved: Path, tmp_path: Path) -> None:
        weights = {name: tensor.bfloat16() for name, tensor in some_model().state_dict().items()}
        save(tmp_path / "shipped", weights=weights, training=None)
        narrow, wide = tmp_path / "shipped" / "model.safetensors", saved / "model.safetensors"
        saving = wide.stat().st_size - narrow.stat().st_size
        assert saving == pytest.approx(2 * sum(tensor.numel() for tensor in weights.values()), abs=500)
        found = checkpoint.load(tmp_path / "shipped")
        assert {tensor.dtype for tensor in found.weights.values()} == {torch.bfloat16}
        for name, tensor in found.model().state_dict().items():
            assert tensor.dtype == torch.float32
            assert torch.equal(tensor, weights[name].float()), name

    @pytest.mark.parametrize("shared", [True, False])
    def test_shared_parameters_are_stored_once(self, tmp_path: Path, shared: bool) -> None:
        config = ModelConfig(
            **{**vars(MODEL), "encoder_layers": 3, "share_layers": shared, "share_query_value": shared}
        )
        model = some_model(config=config)
        save(tmp_path / "model", config=Config(model=config), weights=model.state_dict())
        found = checkpoint.load(tmp_path / "model")
        stored = sum(tensor.numel() for tensor in found.weights.values())
        assert stored == sum(parameter.numel() for parameter in model.parameters())
        found.model()

    def test_digests_are_those_of_sha256sum(self, saved: Path) -> None:
        lines = (saved / "SHA256SUMS").read_text().splitlines()
        assert sorted(line.split("  ")[1] for line in lines) == sorted(set(FILES) - {"SHA256SUMS"})
        for line in lines:
            digest, name = line.split("  ")
            assert hashlib.sha256((saved / name).read_bytes()).hexdigest() == digest

    def test_equal_content_makes_equal_files(self, saved: Path, tmp_path: Path) -> None:
        training = some_training()
        for name in ("one", "two"):
            save(tmp_path / name, training=training)
        for name in FILES:
            assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()

    def test_without_training_state(self, tmp_path: Path) -> None:
        save(tmp_path / "model", training=None)
        checkpoint.load(tmp_path / "model")
        with pytest.raises(FastsumError, match="no training state"):
            checkpoint.load_training(tmp_path / "model")


class TestRefusal:
    @pytest.mark.parametrize("name", FILES)
    def test_flipped_bytes(self, saved: Path, name: str) -> None:
        path = saved / name
        whole = path.read_bytes()
        chance = random.Random(name)
        for position in [0, len(whole) - 1, *(chance.randrange(len(whole)) for _ in range(20))]:
            damaged = bytearray(whole)
            damaged[position] ^= 1 << chance.randrange(8)
            path.write_bytes(damaged)
            assert str(saved) in refusal(saved)
        path.write_bytes(whole)
        read_all(saved)

    @pytest.mark.parametrize("name", FILES)
    @pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
    def test_cut_short(self, saved: Path, name: str, share: float) -> None:
        os.truncate(saved / name, int((saved / name).stat().st_size * share))
        assert str(saved / name) in refusal(saved)

    @pytest.mark.parametrize("name", FILES)
    def test_missing_file(self, saved: Path, name: str) -> None:
        (saved / name).unlink()
        assert name in refusal(saved)

    def test_missing_directory(self, tmp_path: Path) -> None:
        assert "no such checkpoint" in refusal(tmp_path / "nowhere")
        assert "no such checkpoint" in refusal(tmp_path / ("x" * 5000))

    def test_top_of_the_file_system(self) -> None:
        assert "not a checkpoint" in refusal(Path("/"))
        with pytest.raises(FastsumError, match="not part of a checkpoint"):
            save(Path("/"))

    def test_a_file_instead(self, saved: Path) -> None:
        assert "name the directory" in refusal(saved / "model.safetensors")

    def test_foreign_directories(self, tmp_path: Path) -> None:
        assert "not a checkpoint" in refusal(tmp_path)
        (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  disk.iso\n")
        assert "model.safetensors is not listed" in refusal(tmp_path)

    def test_pickle(self, saved: Path) -> None:
        class Hostile:
            def __reduce__(self) -> Any:
                return (pytest.fail, ("a pickle was loaded",))

        for name in ("model.safetensors", "training.safetensors"):
            whole = (saved / name).read_bytes()
            replace(saved, name, pickle.dumps({"weight": Hostile()}))
            assert f"{saved / name}: not a safetensors file" in refusal(saved)
            replace(saved, name, whole)

    @pytest.mark.parametrize(
        ("name", "content", "words"),
        [
            ("config.toml", b"[model\n", "not valid TOML"),
            ("config.toml", b"\xff", "not UTF-8"),
            ("config.toml", b"[model]\nwidth = -1\n", "model.width must be above 0"),
            ("config.toml", b"", "model.vocabulary_size"),
            ("tokenizer.json", b"{}", "tokenizer.json"),
            ("README.md", b"\xff", "not UTF-8"),
        ],
    )
    def test_wrong_content_under_right_digests(self, saved: Path, name: str, content: bytes, words: str) -> None:
        replace(saved, name, content)
        message = refusal(saved)
        assert words in message
        assert str(saved) in message

    def test_newer_format(self, saved: Path) -> None:
        replace(saved, "model.safetensors", checkpoint._pack({}, {"fastsum_format": str(checkpoint.FORMAT + 1)}))
        replace(saved, "config.toml", b"[unheard]\nof = 1\n")
        assert "install a newer fastsum" in refusal(saved)

    @pytest.mark.parametrize("metadata", [{"format": "pt"}, {"fastsum_format": "one"}])
    def test_weights_of_somebody_else(self, saved: Path, metadata: dict[str, str]) -> None:
        replace(saved, "model.safetensors", checkpoint._pack({}, metadata))
        assert "not written by fastsum" in refusal(saved)

    @pytest.mark.parametrize("name", ["../outside", "/etc/hostname", "a/b", "..", "a\\b", "", ".hidden", "README.md"])
    def test_digests_of_other_places(self, saved: Path, name: str) -> None:
        (saved.parent / "outside").write_bytes(b"")
        with open(saved / "SHA256SUMS", "a") as sums:
            sums.write(f"{hashlib.sha256(b'').hexdigest()}  {name}\n")
        assert f"{saved / 'SHA256SUMS'}, line 6" in refusal(saved)

    def test_weights_that_do_not_fit(self, tmp_path: Path) -> None:
        weights = some_model().state_dict()
        del weights["output_bias"]
        weights["salience_head.bias"] = torch.zeros(2)
        weights |= {f"more{i}": torch.zeros(1) for i in range(6)}
        save(tmp_path / "model", weights=weights)
        with pytest.raises(FastsumError) as caught:
            checkpoint.load(tmp_path / "model").model()
        assert "output_bias is missing, more0 is unknown, more1 is unknown, and 5 more" in caught.value.message
        weights = some_model().state_dict() | {"salience_head.bias": torch.zeros(2)}
        save(tmp_path / "model", weights=weights)
        with pytest.raises(FastsumError, match=r"salience_head\.bias has the shape \(2,\), not \(1,\)"):
            checkpoint.load(tmp_path / "model").model()

    def test_vocabulary_of_another_model(self, tmp_path: Path) -> None:
        with pytest.raises(FastsumError, match="10 words and model.vocabulary_size"):
            save(tmp_path / "model", config=Config())
        assert not list(tmp_path.iterdir())

    @pytest.mark.parametrize("genre", GENRES)
    def test_one_that_was_left_out_of_the_installation(
        self, genre: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(checkpoint, "SHIPPED", tmp_path / "checkpoints")
        with pytest.raises(FastsumError, match=f"the {genre} model is missing here; reinstall fastsum"):
            checkpoint.locate(genre)


class TestLocating:
    def test_a_genre_means_the_checkpoint_that_ships(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(checkpoint, "SHIPPED", tmp_path / "checkpoints")
        for genre in GENRES:
            save(tmp_path / "checkpoints" / genre)
            assert checkpoint.locate(genre) == tmp_path / "checkpoints" / genre

    def test_all_else_is_a_directory(self) -> None:
        for path in ("runs/first/best", "./general", "General", Path("paper")):
            assert checkpoint.locate(path) == Path(path)

    @pytest.mark.parametrize("genre", GENRES)
    def test_each_that_ships_is_whole_and_fits_the_model(self, genre: str) -> None:
        shipped = checkpoint.load(checkpoint.locate(genre))
        assert len(shipped.tokenizer) == shipped.model().config.vocabulary_size


class TestReplacing:
    def test_takes_the_place_of_the_old_one_and_leaves_nothing_beside(self, saved: Path) -> None:
        save(saved, seed=1, training=None)
        assert checkpoint.load(saved).card == "# Model 1\n"
        assert not (saved / "training.safetensors").exists()
        assert list(saved.parent.iterdir()) == [saved]

    def test_weights_read_before_stay_as_they_were(self, saved: Path) -> None:
        before = checkpoint.load(saved)
        save(saved, seed=1)
        for name, tensor in some_model(0).state_dict().items():
            assert torch.equal(before.weights[name], tensor), name

    def test_makes_parents_and_fills_an_empty_directory(self, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        for directory in (tmp_path / "empty", tmp_path / "runs" / "first" / "latest"):
            save(directory)
            checkpoint.load(directory)

    def test_link_stays_a_link(self, saved: Path) -> None:
        link = saved.with_name("link")
        link.symlink_to(saved)
        save(link, seed=1)
        assert link.is_symlink()
        assert checkpoint.load(saved).card == checkpoint.load(link).card == "# Model 1\n"

    @pytest.mark.parametrize("name", ["thesis.doc", ".git"])
    def test_never_removes_what_it_did_not_write(self, saved: Path, name: str) -> None:
        (saved / name).write_text("years of work")
        with pytest.raises(FastsumError, match=name):
            save(saved, seed=1)
        assert (saved / name).read_text() == "years of work"
        assert checkpoint.load(saved).card == "# Model 0\n"

    def test_never_replaces_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "thesis.doc").write_text("years of work")
        with pytest.raises(FastsumError, match="this is a file, not the directory of a checkpoint"):
            save(tmp_path / "thesis.doc")
        with pytest.raises(FastsumError, match="could not be saved"):
            save(tmp_path / "thesis.doc" / "model")
        assert (tmp_path / "thesis.doc").read_text() == "years of work"

    @pytest.mark.parametrize("reader", [checkpoint.load, save])
    def test_half_swapped_directories_are_put_back(self, saved: Path, reader: Any) -> None:
        save(saved.with_name(".model.new"), seed=1)
        saved.rename(saved.with_name(".model.old"))
        reader(saved)
        assert checkpoint.load(saved).card == "# Model 0\n"
        save(saved, seed=2)
        assert list(saved.parent.iterdir()) == [saved]

    def test_remains_of_an_old_one_are_not_put_back(self, saved: Path) -> None:
        saved.rename(saved.with_name(".model.old"))
        (saved.with_name(".model.old") / "SHA256SUMS").unlink()
        assert "no such checkpoint" in refusal(saved)

    def test_loader_may_put_the_old_one_back_between_the_renames(
        self, saved: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rename = os.rename

        def interrupted(source: Path, target: Path) -> None:
            rename(source, target)
            if target.name == ".model.old":
                monkeypatch.setattr(os, "rename", rename)
                assert checkpoint.load(saved).card == "# Model 0\n"

        monkeypatch.setattr(os, "rename", interrupted)
        save(saved, seed=1)
        assert checkpoint.load(saved).card == "# Model 1\n"
        assert list(saved.parent.iterdir()) == [saved]

    def test_load_begins_again_where_a_save_came_between(self, saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        read = digests.read
        interruptions = [lambda: save(saved, seed=1)]

        def interrupted(path: Path) -> bytes:
            if path.name == "README.md" and interruptions:
                interruptions.pop()()
            return read(path)

        monkeypatch.setattr(digests, "read", interrupted)
        found = checkpoint.load(saved)
        assert found.card == "# Model 1\n"
        assert torch.equal(found.weights["output_bias"], some_model(1).state_dict()["output_bias"])
        assert torch.equal(found.weights["embedding.weight"], some_model(1).state_dict()["embedding.weight"])


class TestFullDisk:
    @pytest.mark.parametrize("operation", ["fsync", "rename", "open", "write"])
    def test_every_failure_leaves_the_old_one(
        self, saved: Path, monkeypatch: pytest.MonkeyPatch, operation: str
    ) -> None:
        failures = 0
        for nth in range(20):
            with monkeypatch.context() as patch:
                _fail(patch, operation, nth)
                message = _message_of_failed_save(saved)
            if message is None:
                break
            failures += 1
            assert "No space left on device" in message
            assert str(saved) in message
            assert list(saved.parent.iterdir()) == [saved]
            found, training = read_all(saved)
            assert found.card == "# Model 0\n"
            assert torch.equal(training.tensors["moments.weight"], some_training().tensors["moments.weight"])
        assert failures >= {"fsync": 7, "rename": 2, "open": 6, "write": 6}[operation]
        assert checkpoint.load(saved).card == "# Model 1\n"
        save(saved, seed=2)
        assert list(saved.parent.iterdir()) == [saved]


def _message_of_failed_save(directory: Path) -> str | None:
    try:
        save(directory, seed=1)
    except FastsumError as error:
        return error.message
    return None


def _fail(patch: pytest.MonkeyPatch, operation: str, nth: int) -> None:
    """Let the nth call of an operation find the disk full, once."""
    calls = 0

    def due() -> None:
        nonlocal calls
        calls += 1
        if calls == nth + 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if operation in ("fsync", "rename"):
        original = getattr(os, operation)

        def checked(*arguments: Any) -> Any:
            due()
            return original(*arguments)

        patch.setattr(os, operation, checked)
        return

    class File:
        def __init__(self, *arguments: Any) -> None:
            if operation == "open":
                due()
            self.file = open(*arguments)  # noqa: SIM115

        def __enter__(self) -> File:
            return self

        def __exit__(self, *_: object) -> None:
            self.file.close()

        def write(self, data: bytes) -> None:
            self.file.write(data[: len(data) // 2])
            if operation == "write":
                due()
            self.file.write(data[len(data) // 2 :])

        def __getattr__(self, name: str) -> Any:
            return getattr(self.file, name)

    patch.setattr(checkpoint_folder, "open", File, raising=False)


# One process imports torch; the children it forks are what is killed.
_PRELUDE = """
import os, random, signal, sys, time
from pathlib import Path
import torch
from fastsum.model import checkpoint
from fastsum.config import Config, ModelConfig
from fastsum.text.tokenizer import Tokenizer

torch.set_num_threads(1)
target = Path(sys.argv[1])
tokenizer = Tokenizer.train(["the cat sat on the mat ."], 10)
config = Config(model=ModelConfig(vocabulary_size=10, output_vocabulary_size=7))

def save(step):
    training = checkpoint.TrainingState({"moment": torch.full((1000,), float(step))}, {"step": step})
    weights = {"weight": torch.full((1000,), float(step))}
    checkpoint.save(target, config=config, tokenizer=tokenizer, weights=weights, card=str(step), training=training)

def loaded():
    found, training = checkpoint.load(target), checkpoint.load_training(target)
    step = training.values["step"]
    assert found.card == str(step)
    assert (found.weights["weight"] == step).all() and (training.tensors["moment"] == step).all()
    return step

def child(work):
    process = os.fork()
    if process == 0:
        try:
            work()
        finally:
            os._exit(3)
    return process

save(0)
"""

_KILLED_AT_RANDOM = """
def forever():
    step = start
    while True:
        step += 1
        save(step)

begun = time.perf_counter()
save(0)
duration = time.perf_counter() - begun
for kills in range(1, 101):
    start = loaded()
    process = child(forever)
    time.sleep(random.uniform(0.5, 3) * duration * max(1, kills / 10))
    os.kill(process, signal.SIGKILL)
    assert os.WIFSIGNALED(os.waitpid(process, 0)[1])
    assert loaded() >= start
    if kills >= 10 and loaded() > 0:  # on a busy machine the first kills may all come before a save is done
        break
assert loaded() > 0
save(loaded() + 1)
assert os.listdir(target.parent) == [target.name]
"""

_KILLED_AT_EACH_STEP = """
def dying(nth):
    remaining = nth
    def before(function):
        def stepped(*args, **kwargs):
            nonlocal remaining
            if remaining == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            remaining -= 1
            return function(*args, **kwargs)
        return stepped
    for name in ("fsync", "rename", "unlink", "mkdir", "rmdir", "open"):
        setattr(os, name, before(getattr(os, name)))
    save(start + 1)
    os._exit(0)

seen = set()
for nth in range(100):
    start = loaded()
    status = os.waitpid(child(lambda: dying(nth)), 0)[1]
    seen.add(loaded() - start)
    if status == 0:
        break
    assert os.WIFSIGNALED(status), status
assert status == 0 and nth > 12 and seen == {0, 1}, (status, nth, seen)
assert os.listdir(target.parent) == [target.name]
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_killed_save_leaves_a_checkpoint(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    script = _PRELUDE + _KILLED_AT_RANDOM + _KILLED_AT_EACH_STEP
    command = [sys.executable, "-c", script, str(tmp_path / "runs" / "latest")]
    run = subprocess.run(
        command,
        cwd=Path(checkpoint.__file__).parents[1],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert run.returncode == 0, run.stderr
