"""Text: cleaned, split into sentences, tokenized, shown and scored.

`cleaning`      unreadable characters replaced by white space
`patterns`      regular expressions compiled when first used, and the case that they ignore
`language`      what the rules of a language are: the seam for a second one
`english/`      all that a second language would replace
`segments`      paragraphs, headings and list items as character spans
`sentences`     sentences as character spans, headings and boilerplate marked
`quotations`    quotations that go on over sentences
`presentation`  one sentence as a reader wants to see it
`words`         what a word is: normalized, and cut out of its text
`tokenizer`     words, their ids, and where each is in the text
`source`        a document as the model reads it, and the way back to its text
`statistics`    position, repetition and centrality of a document's sentences
`rouge`         ROUGE, bootstrap intervals, the greedy oracle
"""
