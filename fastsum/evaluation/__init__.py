"""Evaluation: ROUGE of a model beside baselines, on the same rows.

`peers`    extractive summarizers of the packages sumy, summa and lede
`scoring`  a model's summaries, the leading sentences, LexRank and the oracle, scored
"""
