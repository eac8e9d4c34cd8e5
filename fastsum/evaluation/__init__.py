"""Evaluation: ROUGE of a model beside baselines and other systems, on the same rows.

`peers`      extractive summarizers of the packages sumy, summa and lede
`baselines`  the leading sentences, LexRank and the oracle, of as many sentences or words as are asked for
`outputs`    summaries that another system made of the same rows
`scoring`    a model's summaries beside those, scored
`report`     tables for a terminal, and files
"""
