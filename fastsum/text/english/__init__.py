"""The rules of English.

`casing`       words that always have a capital, and words whose capital says nothing
`punkt`        where a sentence ends
`clauses`      where a clause begins in a text without stops
`boilerplate`  captions, links, reference lists and other sentences that are no prose, known by their wording
`titles`       what names a figure or a section and has no verb
`citations`    citations and references to figures, taken out of a sentence
`connectives`  words at a sentence's beginning that point back to the one before
`datelines`    the place and agency at the beginning of a news story
`divisions`    what rank a heading's words give it: part, chapter, section
`shortening`   a sentence without remarks in brackets, or without its frame
`wording`      what may be left out of a sentence when it is rewritten
`talk`         fillers of talk, greetings and notices of mail, and what is no speaker's name
`standing`     whether a sentence stands by itself, leans on its neighbours, or says nothing
`questions`    which words of a question say what is asked about, and what the forms of a word have in common
`rules`        all of these as one `Language`
"""
