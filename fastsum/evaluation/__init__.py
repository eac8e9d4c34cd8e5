"""Evaluation: ROUGE of a model beside baselines, on the same rows.

`peers`    LexRank, TextRank and LSA of the package sumy
`scoring`  a model's summaries, the leading sentences, LexRank and the oracle, scored
"""
