"""The rules of English.

`genre`        which of the shipped models a text is for
`punkt`        where a sentence ends
`boilerplate`  bylines, captions, links and reference lists, known by their wording
`titles`       what names a figure or a section and has no verb
`citations`    citations and references to figures, taken out of a sentence
`connectives`  words at a sentence's beginning that point back to the one before
`wording`      which words may follow which when a sentence is rewritten
"""
