"""Groups of jobs of similar length: every job once, and little padding."""

from __future__ import annotations

import torch

from fastsum.model.batching import WritingJobs
from fastsum.text.tokenizer import EOS, PAD


def some_jobs(*sizes: tuple[int, int]) -> WritingJobs:
    """Jobs that write and read so many tokens; the first token read is the job's number."""
    targets = torch.full((len(sizes), max(written for written, _ in sizes)), PAD)
    memory = torch.full((len(sizes), max(read for _, read in sizes)), -1)
    for job, (written, read) in enumerate(sizes):
        targets[job, :written] = EOS
        memory[job, :read] = torch.arange(job, job + read)
    return WritingJobs(memory, targets)


def test_every_job_is_in_one_group_and_whole() -> None:
    torch.manual_seed(0)
    sizes = [(int(w), int(r)) for w, r in torch.randint(1, 60, (100, 2))]
    jobs = some_jobs(*sizes)
    groups = jobs.by_length()
    found = {}
    for group in groups:
        for memory, targets in zip(group.memory_JM, group.targets_JT, strict=True):
            found[int(memory[0])] = (int((targets != PAD).sum()), int((memory >= 0).sum()))
    assert found == dict(enumerate(sizes))
    assert sum(len(group.targets_JT) for group in groups) == len(sizes)


def test_one_long_job_does_not_pad_the_others() -> None:
    groups = some_jobs(*[(10, 20)] * 60, (60, 90)).by_length()
    assert sum(group.targets_JT.numel() for group in groups) < 0.5 * 61 * 60
    assert all(group.targets_JT.shape[1] == 10 for group in groups[:-1])


def test_jobs_of_one_length_stay_together() -> None:
    assert len(some_jobs(*[(17, 25)] * 94).by_length()) == 1
    assert len(some_jobs((5, 9), (60, 90)).by_length()) == 1
