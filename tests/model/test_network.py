"""The network against itself: batch and single document, teacher forcing and steps, loss and distribution."""

from __future__ import annotations

import dataclasses
import math

import pytest
import torch
from torch import Tensor

from fastsum.config import ATTENTIONS, ModelConfig
from fastsum.model import batching
from fastsum.model.batching import Batch, Documents, WritingJobs
from fastsum.model.layers import STATISTICS, sinusoids
from fastsum.model.network import Losses, Memory, SummaryModel, _mix, _sentence_means
from fastsum.model.shared import SENTENCE_BUCKETS, sentence_buckets
from fastsum.text.tokenizer import BOS, EOS, PAD, UNK

VOCABULARY, OUTPUT = 24, 14
CONFIG = ModelConfig(
    vocabulary_size=VOCABULARY,
    output_vocabulary_size=OUTPUT,
    width=16,
    heads=2,
    encoder_layers=2,
    sentence_layers=2,
    decoder_layers=2,
    feedforward=24,
    convolution=3,
    dropout=0.1,
)
VARIANTS = {
    "default": {},
    "causal additive decoder": {"decoder_attention": "fastformer"},
    "plain": {"attention_form": "plain"},
    "collapsed": {"attention_form": "collapsed"},
    "positions": {"positions": "sinusoidal"},
    "no convolution": {"convolution": 0},
    "wide convolution": {"convolution": 7},
    "shared layers": {"share_layers": True},
    "own value maps": {"share_query_value": False},
    "shared heads": {"share_heads": True},
    "addition": {"interaction": "addition"},
    "global query alone": {"pooling": "query"},
    **{
        name: {
            "attention": name,
            "window": 4,
            "global_tokens": 2,
            "random_tokens": 2,
            "block": 2,
            "projected_tokens": 4,
            "pooling_window": 4,
        }
        for name in ATTENTIONS
        if name != "fastformer"
    },
    "statistics": {"statistics": True},
}
DECODERS = ("softmax", "fastformer")

# Ids below OUTPUT can be generated and those below VOCABULARY are known; from there on each document has its own.
SENTENCES = (
    [[5, 17, 6, 24, 7], [24, 8], [25, 17, 9]],
    [[4]],
    [[11, 12, 13, 20, 21, 22, 24, 5, 6], [7, 7, 7], [23], [9, 10]],
)
# Per document: the words of each job's target (EOS is added), and the range of tokens it reads.
JOBS = (
    [([24, 17, 6], (0, 7)), ([25, 9], (5, 10))],
    [([4], (0, 1))],
    [([11, 20, 24, 5], (0, 12))],
)


def some_model(seed: int = 0, **changes: object) -> SummaryModel:
    """In evaluation mode, with weights far enough from their start for every part to matter."""
    torch.manual_seed(seed)
    model = SummaryModel(dataclasses.replace(CONFIG, **changes)).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.2 * torch.randn_like(parameter))
    return model


def counts(number: int) -> list[float]:
    """How often the targets have each distinct word of a document."""
    written = [word for target, _ in JOBS[number] for word in target]
    return [float(written.count(word)) for word in sorted({word for row in SENTENCES[number] for word in row})]


def collate(numbers: tuple[int, ...], tokens: int = 0, sentences: int = 0, memory: int = 0, words: int = 0) -> Batch:
    """A batch of some of the documents above, padded at least to these sizes."""
    chosen = [SENTENCES[number] for number in numbers]
    tokens = max(tokens, *(sum(map(len, document)) for document in chosen), 0)
    sentences = max(sentences, *(len(document) for document in chosen), 0)
    tokens_BN = torch.full((len(chosen), tokens), PAD)
    lengths_BS = torch.zeros(len(chosen), sentences, dtype=torch.long)
    salience_BS = torch.zeros(len(chosen), sentences)
    jobs = []
    for row, (number, document) in enumerate(zip(numbers, chosen, strict=True)):
        flat = [token for sentence in document for token in sentence]
        tokens_BN[row, : len(flat)] = torch.tensor(flat)
        lengths_BS[row, : len(document)] = torch.tensor([len(sentence) for sentence in document])
        salience_BS[row, 0] = 1
        jobs += [
            ([row * tokens + position for position in range(*span)], [*target, EOS]) for target, span in JOBS[number]
        ]
    # The first sentence of each document heads the others; the numbers stand for what is counted of them.
    sections_BS = torch.where(lengths_BS > 0, 0, -1)
    statistics_BSF = (lengths_BS[..., None] * torch.linspace(-0.3, 0.3, STATISTICS)) * (lengths_BS > 0)[..., None]
    memory_JM = torch.full((len(jobs), max(memory, *(len(read) for read, _ in jobs))), -1)
    targets_JT = torch.full((len(jobs), max(words, *(len(target) for _, target in jobs))), PAD)
    for row, (read, target) in enumerate(jobs):
        memory_JM[row, : len(read)] = torch.tensor(read)
        targets_JT[row, : len(target)] = torch.tensor(target)
    documents = Documents(tokens_BN, lengths_BS, sections_BS, statistics_BSF)
    counts_W = torch.cat([torch.tensor(counts(number)) for number in numbers])
    return Batch(documents, salience_BS, WritingJobs(memory_JM, targets_JT), counts_W)


def read(model: SummaryModel, batch: Batch) -> Memory:
    states_BND, *_ = model.encode(batch.documents)
    return model.read(batch.documents, states_BND, batch.writing.memory_JM)


def distribution(memory: Memory, job: int, logits_V: Tensor, gate: Tensor, copy_M: Tensor) -> dict[int, float]:
    """Probability of every word by its extended id, from what `decode` gives for one position."""
    generate = 1 / (1 + math.exp(-float(gate)))
    words = {word: generate * float(share) for word, share in enumerate(torch.softmax(logits_V.double(), -1))}
    for word, share in zip(memory.ids_JM[job].tolist(), copy_M.tolist(), strict=True):
        words[word] = words.get(word, 0.0) + (1 - generate) * share
    return words


def close(found: Tensor, expected: Tensor, tolerance: float = 1e-5) -> None:
    torch.testing.assert_close(found, expected, rtol=tolerance, atol=tolerance)


class TestBatching:
    @pytest.mark.parametrize("variant", VARIANTS)
    @torch.inference_mode()
    def test_company_and_padding_change_nothing(self, variant: str) -> None:
        model = some_model(**VARIANTS[variant])
        together = collate((0, 1, 2), tokens=40, sentences=9, memory=20, words=12)
        states_BND, _, logits_BS = model.encode(together.documents)
        summed = [0.0] * len(Losses._fields)
        for number, document in enumerate(SENTENCES):
            alone = collate((number,))
            states_1ND, _, logits_1S = model.encode(alone.documents)
            close(states_BND[number, : sum(map(len, document))], states_1ND[0])
            close(logits_BS[number, : len(document)], logits_1S[0])
            summed = [total + float(part) for total, part in zip(summed, model(alone), strict=True)]
        assert [float(part) for part in model(together)] == pytest.approx(summed, rel=1e-5)
        assert float(model(together).sentences) == 8
        assert float(model(together).words) == 14

    @torch.inference_mode()
    def test_what_stands_at_padding_is_not_read(self) -> None:
        model = some_model()
        batch = collate((1, 0), tokens=15, sentences=5)
        tokens_BN, lengths_BS = batch.documents[:2]
        noisy = Documents(torch.where(batch.documents.mask_BN, tokens_BN, 9), lengths_BS)
        for found, expected in zip(model(batch._replace(documents=noisy)), model(batch), strict=True):
            assert torch.equal(found, expected)

    @torch.inference_mode()
    def test_order_of_documents_is_order_of_rows(self) -> None:
        model = some_model()
        logits_BS = model.encode(collate((0, 2), sentences=4).documents).logits_BS
        turned_BS = model.encode(collate((2, 0), sentences=4).documents).logits_BS
        close(turned_BS.flip(0)[1, :4], logits_BS[1, :4])
        close(turned_BS.flip(0)[0, :3], logits_BS[0, :3])

    @torch.inference_mode()
    def test_a_single_token(self) -> None:
        for changes in VARIANTS.values():
            states_BND, _, logits_BS = some_model(**changes).encode(collate((1,)).documents)
            assert states_BND.shape == (1, 1, CONFIG.width)
            assert logits_BS.shape == (1, 1)
            assert states_BND.isfinite().all()
            assert logits_BS.isfinite().all()

    @torch.inference_mode()
    def test_statistics_and_headings_tell_on_salience_alone(self) -> None:
        model = some_model(statistics=True)
        documents = collate((0,)).documents
        assert documents.sections_BS is not None
        assert documents.statistics_BSF is not None
        states_BND, _, logits_BS = model.encode(documents)
        for changed in (
            documents._replace(statistics_BSF=documents.statistics_BSF + 0.1),
            documents._replace(sections_BS=torch.tensor([[0, 1, 1]])),
            documents._replace(sections_BS=torch.full((1, 3), -1)),
        ):
            other_BND, _, other_BS = model.encode(changed)
            assert torch.equal(other_BND, states_BND)
            assert not torch.allclose(other_BS, logits_BS, atol=1e-4)

    def test_a_model_that_reads_statistics_asks_for_them(self) -> None:
        documents = collate((0,)).documents
        with pytest.raises(ValueError, match="statistics"):
            some_model(statistics=True).encode(Documents(documents.tokens_BN, documents.lengths_BS))

    @torch.inference_mode()
    def test_an_empty_document_disturbs_nobody(self) -> None:
        model = some_model()
        tokens_BN, lengths_BS = collate((0,)).documents[:2]
        states_BND, _, logits_BS = model.encode(
            Documents(torch.cat([tokens_BN, torch.full_like(tokens_BN, PAD)]), torch.cat([lengths_BS, 0 * lengths_BS]))
        )
        assert states_BND.isfinite().all()
        assert logits_BS.isfinite().all()
        close(logits_BS[:1], model.encode(Documents(tokens_BN, lengths_BS)).logits_BS)

    @torch.inference_mode()
    def test_word_order_matters_and_outside_words_are_unknown_to_the_encoder(self) -> None:
        model = some_model()
        tokens_BN, lengths_BS = collate((0,)).documents[:2]
        logits_BS = model.encode(Documents(tokens_BN, lengths_BS)).logits_BS
        swapped_BN = tokens_BN[:, [1, 0, *range(2, tokens_BN.shape[1])]]
        assert not torch.allclose(model.encode(Documents(swapped_BN, lengths_BS)).logits_BS, logits_BS, atol=1e-4)
        unknown_BN = torch.where(tokens_BN < VOCABULARY, tokens_BN, UNK)
        assert torch.equal(model.encode(Documents(unknown_BN, lengths_BS)).logits_BS, logits_BS)


class TestWriting:
    @pytest.mark.parametrize("kind", DECODERS)
    @torch.inference_mode()
    def test_steps_give_what_teacher_forcing_gives(self, kind: str) -> None:
        model = some_model(decoder_attention=kind)
        batch = collate((0, 1, 2), memory=15, words=80)  # longer than a block of the causal scan
        targets_JT = batch.writing.targets_JT.clone()
        targets_JT[:, 10:] = torch.randint(4, VOCABULARY + 2, targets_JT[:, 10:].shape)
        memory = read(model, batch)
        logits_JTV, gate_JT, copy_JTM = model.decode(memory, targets_JT)
        state = model.start(len(targets_JT))
        inputs_JT = torch.cat([torch.full_like(targets_JT[:, :1], BOS), targets_JT[:, :-1]], dim=1)
        for position in range(targets_JT.shape[1]):
            found_JC, state = model.step(inputs_JT[:, position], memory, state)
            assert found_JC.shape == (len(targets_JT), OUTPUT + 15)
            forced_JC = _mix(logits_JTV[:, position], gate_JT[:, position], copy_JTM[:, position], memory.slots_JM)
            close(found_JC.exp(), forced_JC.exp())
            close(found_JC[:, :OUTPUT], forced_JC[:, :OUTPUT], 1e-4)

    @torch.inference_mode()
    def test_columns_of_a_step_are_words_and_places_read(self) -> None:
        model = some_model()
        batch = collate((0, 1, 2))
        memory = read(model, batch)
        jobs = len(batch.writing.targets_JT)
        parts = model.decode(memory, torch.full((jobs, 1), EOS))
        found_JC = model.step(torch.full((jobs,), BOS), memory, model.start(jobs))[0].exp().double()
        for job in range(jobs):
            expected = distribution(memory, job, *(part[job, 0] for part in parts))
            assert sum(expected.values()) == pytest.approx(1, abs=1e-6)
            assert float(found_JC[job].sum()) == pytest.approx(1, abs=1e-6)
            words: dict[int, float] = {}
            for column, share in enumerate(found_JC[job].tolist()):
                word = column if column < OUTPUT else int(memory.ids_JM[job, column - OUTPUT])
                if share > 1e-20:
                    assert word not in words, "a word has two columns"
                    words[word] = share
            assert words == pytest.approx(expected, abs=1e-7)

    @torch.inference_mode()
    def test_words_outside_the_vocabulary_can_be_copied(self) -> None:
        model = some_model()
        model.copy_gate.weight.zero_()
        model.copy_gate.bias.fill_(-20)
        batch = collate((0,))
        log_shares = model.step(torch.tensor([BOS, BOS]), memory := read(model, batch), model.start(2))[0]
        position = memory.ids_JM[0].tolist().index(24)
        assert float(log_shares[0, OUTPUT + position].exp()) > 0.01
        again = [p for p, word in enumerate(memory.ids_JM[0].tolist()) if word == 24][1]
        assert float(log_shares[0, OUTPUT + again].exp()) < 1e-20
        close(log_shares[0, OUTPUT:].exp().sum() + log_shares[0, :OUTPUT].exp().sum(), torch.tensor(1.0))

    @pytest.mark.parametrize("kind", DECODERS)
    @torch.inference_mode()
    def test_loss_is_the_log_of_the_distribution(self, kind: str) -> None:
        model = some_model(decoder_attention=kind)
        batch = collate((0, 1, 2), memory=15, words=7)
        memory, targets_JT = read(model, batch), batch.writing.targets_JT
        parts = model.decode(memory, targets_JT)
        expected = 0.0
        for job, targets in enumerate(targets_JT.tolist()):
            for position, word in enumerate(targets):
                if word != PAD:
                    shares = distribution(memory, job, *(part[job, position] for part in parts))
                    expected -= math.log(shares[word])
        assert float(model.writing_loss([memory], [batch.writing], 0.0)) == pytest.approx(expected, rel=1e-5)
        assert float(model(batch).writing) == pytest.approx(expected, rel=1e-5)

    @pytest.mark.parametrize("kind", DECODERS)
    def test_jobs_in_groups_have_the_loss_and_the_gradients_of_all_at_once(
        self, kind: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        model = some_model(decoder_attention=kind)
        batch = collate((0, 1, 2, 0, 2), memory=15, words=9)

        def of_loss() -> list[Tensor]:
            writing = model(batch, 0.1).writing
            return [writing, *torch.autograd.grad(writing, list(model.parameters()), allow_unused=True)]

        monkeypatch.setattr(WritingJobs, "by_length", lambda jobs: [jobs])
        expected = of_loss()
        monkeypatch.undo()
        monkeypatch.setattr(batching, "_FEWEST", 1)
        monkeypatch.setattr(batching, "_GROUP", 0)
        assert len(batch.writing.by_length()) > 1
        for a, b in zip(of_loss(), expected, strict=True):
            assert (a is None) == (b is None)
            if a is not None:
                torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-5)

    @torch.inference_mode()
    def test_smoothing_mixes_in_the_mean_over_the_output_vocabulary(self) -> None:
        model = some_model()
        batch = collate((0, 2))
        memory, targets_JT = read(model, batch), batch.writing.targets_JT
        logits_JTV = model.decode(memory, targets_JT)[0]
        uniform = -(logits_JTV.log_softmax(-1).mean(-1) * (targets_JT != PAD)).sum()
        sharp = model.writing_loss([memory], [batch.writing], 0.0)
        close(model.writing_loss([memory], [batch.writing], 0.3), 0.7 * sharp + 0.3 * uniform)

    @pytest.mark.parametrize("word", [UNK, VOCABULARY - 1, VOCABULARY + 5, OUTPUT])
    def test_targets_that_cannot_be_written_have_a_finite_loss(self, word: int) -> None:
        model = some_model()
        batch = collate((1,))
        batch.writing.targets_JT[0, 0] = word
        loss = model(batch).writing
        loss.backward()
        assert 0 < loss.item() < 100
        for name, parameter in model.named_parameters():
            assert parameter.grad is None or parameter.grad.isfinite().all(), name

    @torch.inference_mode()
    def test_padding_of_the_memory_is_neither_read_nor_copied(self) -> None:
        model = some_model()
        batch = collate((1,), memory=6)
        copy_JTM = model.decode(read(model, batch), batch.writing.targets_JT)[2]
        assert torch.equal(copy_JTM[..., 1:], torch.zeros_like(copy_JTM[..., 1:]))
        close(copy_JTM[..., 0], torch.ones_like(copy_JTM[..., 0]))

    @pytest.mark.parametrize("kind", DECODERS)
    @torch.inference_mode()
    def test_the_future_is_not_read(self, kind: str) -> None:
        model = some_model(decoder_attention=kind)
        batch = collate((0, 2))
        memory, targets_JT = read(model, batch), batch.writing.targets_JT
        changed_JT = targets_JT.clone()
        changed_JT[:, 2:] = 4
        for found, expected in zip(model.decode(memory, changed_JT), model.decode(memory, targets_JT), strict=True):
            close(found[:, :3], expected[:, :3], 1e-6)
            assert not torch.allclose(found[:, 3:], expected[:, 3:])

    @pytest.mark.parametrize("kind", DECODERS)
    @torch.inference_mode()
    def test_selected_hypotheses_go_on_as_their_parents(self, kind: str) -> None:
        model = some_model(decoder_attention=kind)
        memory = read(model, collate((0, 1, 2)))
        _, state = model.step(torch.full((4,), BOS), memory, model.start(4))
        words = torch.tensor([5, 6, 7, 8])
        expected_RC, _ = model.step(words, memory, state)
        rows = torch.tensor([2, 2, 0])
        found_RC, _ = model.step(words[rows], memory.select(rows), state.select(rows))
        close(found_RC, expected_RC[rows])

    @torch.inference_mode()
    def test_nothing_to_write(self) -> None:
        model = some_model()
        batch = collate((0, 1))
        for width in (0, 5):
            nothing = WritingJobs(torch.empty(0, width, dtype=torch.long), torch.empty(0, width, dtype=torch.long))
            losses = model(batch._replace(writing=nothing))
            assert float(losses.writing) == float(losses.words) == 0
            assert torch.equal(losses.salience, model(batch).salience)

    @torch.inference_mode()
    def test_decoder_can_be_left_out(self) -> None:
        model = some_model()
        losses = model(collate((0, 1)), with_writing=False)
        assert float(losses.writing) == 0
        assert float(losses.salience) > 0


class TestParameters:
    @pytest.mark.parametrize("variant", VARIANTS)
    def test_gradients_reach_all(self, variant: str) -> None:
        model = some_model(**VARIANTS[variant]).train()
        losses = model(collate((0, 1, 2)), label_smoothing=0.1)
        (losses.salience / losses.sentences + losses.writing / losses.words).backward()
        for name, parameter in model.named_parameters():
            assert parameter.grad is not None, name
            assert parameter.grad.isfinite().all(), name
            assert parameter.grad.any(), name

    def test_sharing_layers_saves_parameters(self) -> None:
        def count(**changes: object) -> int:
            return sum(parameter.numel() for parameter in some_model(**changes).parameters())

        assert count(share_layers=True) < count()
        assert count(share_layers=True, encoder_layers=6) == count(share_layers=True)
        assert count(share_query_value=True) < count(share_query_value=False)
        documents = collate((0,)).documents
        twice, thrice = (some_model(share_layers=True, encoder_layers=layers) for layers in (2, 3))
        assert not torch.allclose(twice.encode(documents)[0], thrice.encode(documents)[0], atol=1e-3)

    def test_a_few_updates_learn_a_batch_by_heart(self) -> None:
        model = some_model(dropout=0.0).train()
        batch = collate((0, 1, 2))
        for update in range(30):
            model.zero_grad()
            losses = model(batch)
            loss = losses.salience / losses.sentences + losses.writing / losses.words
            loss.backward()
            with torch.no_grad():
                for parameter in model.parameters():  # an optimizer would import torch's compiler, which takes seconds
                    assert parameter.grad is not None
                    parameter -= 0.02 * 0.9**update * parameter.grad.sign()
        assert loss.item() < 0.5


class TestPrecision:
    @pytest.mark.parametrize("variant", VARIANTS)
    def test_autocast_is_finite_and_near(self, variant: str) -> None:
        model = some_model(**VARIANTS[variant])
        batch = collate((0, 1, 2))
        with torch.no_grad():
            expected = model(batch)
        with torch.autocast("cpu", torch.bfloat16):
            losses = model(batch)
        (losses.salience + losses.writing).backward()
        assert losses.writing.dtype == losses.salience.dtype == torch.float32
        assert losses.salience.item() == pytest.approx(expected.salience.item(), rel=0.1)
        assert losses.writing.item() == pytest.approx(expected.writing.item(), rel=0.1)
        for name, parameter in model.named_parameters():
            assert parameter.grad is not None, name
            assert parameter.grad.isfinite().all(), name

    @pytest.mark.parametrize("kind", DECODERS)
    @torch.inference_mode()
    def test_steps_under_autocast(self, kind: str) -> None:
        model = some_model(decoder_attention=kind)
        with torch.autocast("cpu", torch.bfloat16):
            memory = read(model, collate((0,)))
            state = model.start(2)
            for word in (BOS, 5, 24):
                log_shares, state = model.step(torch.tensor([word, word]), memory, state)
                assert log_shares.dtype == torch.float32
                close(log_shares.exp().sum(-1), torch.ones(2), 1e-3)

    @pytest.mark.parametrize("variant", VARIANTS)
    @torch.inference_mode()
    def test_float64(self, variant: str) -> None:
        model = some_model(**VARIANTS[variant])
        batch = collate((0, 1, 2))
        expected = model(batch)
        found = model.double()(batch)
        close(found.salience.double(), expected.salience.double())
        close(found.writing.double(), expected.writing.double())


class TestParts:
    def test_sentence_means(self) -> None:
        torch.manual_seed(0)
        states_BND = torch.randn(3, 9, 4, requires_grad=True)
        lengths_BS = torch.tensor([[2, 3, 4], [1, 5, 0], [0, 0, 0]])
        means_BSD = _sentence_means(states_BND, lengths_BS)
        for row, lengths in enumerate(lengths_BS.tolist()):
            start = 0
            for position, length in enumerate(lengths):
                end = start + length
                expected = states_BND[row, start:end].mean(0) if length else torch.zeros(4)
                close(means_BSD[row, position], expected)
                start = end
        means_BSD.square().sum().backward()
        assert states_BND.grad is not None
        assert states_BND.grad.isfinite().all()
        assert not states_BND.grad[1, 6:].any()
        assert not states_BND.grad[2].any()

    def test_sentence_buckets(self) -> None:
        buckets = torch.from_numpy(sentence_buckets(20_000))
        half = SENTENCE_BUCKETS // 2
        assert torch.equal(buckets[:half], torch.arange(half))
        steps = buckets.diff()
        assert ((steps == 0) | (steps == 1)).all()
        assert int(buckets.max()) == SENTENCE_BUCKETS - 1
        assert sentence_buckets(0).shape == (0,)
        assert sentence_buckets(500, start=60).tolist() == buckets[60:560].tolist()

    def test_sinusoids_start_anywhere(self) -> None:
        whole = sinusoids(12, 10)
        close(sinusoids(5, 10, start=7), whole[7:])
        assert torch.equal(whole[0], torch.tensor([0.0, 1.0] * 5))
        close(whole[3, :2], torch.tensor([math.sin(3), math.cos(3)]))
        assert len(set(map(tuple, whole.tolist()))) == 12
