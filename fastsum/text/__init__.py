"""Text: cleaned, split into sentences, tokenized, shown and scored.

`cleaning`      unreadable characters replaced by white space
`patterns`      regular expressions compiled when first used, and the case that they ignore
`language`      what the rules of a language are: the seam for a second one
`english/`      all that a second language would replace
`wrapping`      which lines of hard-wrapped text go on in the next one
`segments`      paragraphs, headings and list items as character spans
`pieces`        a stretch in pieces, where it is too long or its text has no stops
`sentences`     sentences as character spans, headings and boilerplate marked
`quotations`    quotations that go on over sentences
`labels`        what stands before the words of a turn, line by line: a name, a time
`messages`      the messages of mail, and their headers, quotations and signatures
`dialogue`      which lines of a text begin a turn
`turns`         who says each sentence, and when: of transcripts, chats, mail and captions
`speakers`      which of the people who speak a question names
`presentation`  one sentence as a reader wants to see it
`words`         what a word is: normalized, and cut out of its text
`tokenizer`     words, their ids, and where each is in the text
`source`        a document as the model reads it, and the way back to its text
`lists`         which sentence announces each item of a list
`contents`      the table of contents of a text that marks none
`headings`      the headings of a document, and how high each is
`sections`      the tree of sections that a document's headings make
`statistics`    position, repetition and centrality of a document's sentences
`rouge`         ROUGE, bootstrap intervals, the greedy oracle
"""
