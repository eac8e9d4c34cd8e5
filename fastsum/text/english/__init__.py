"""The rules of English.

`punkt`        whether a full stop ends a sentence
`boilerplate`  bylines, captions, links and reference lists, known by their wording
`titles`       what names a figure or a section and has no verb
`citations`    citations and references to figures, taken out of a sentence
`connectives`  words at a sentence's beginning that point back to the one before
`wording`      which words may follow which when a sentence is rewritten
"""
