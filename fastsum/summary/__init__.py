"""From a document and a model to a summary.

`result`       what summarizing returns
`outline`      a summary section by section
`limits`       how long a summary is to be and how it is made
`document_words` where words occur in a document, and how many of its sentences have them
`answer_words` how often the answer to a question should have each word
`about`        saliences for what a document says about a question
`attribution`  who is named before the sentences of a summary
`selection`    sentences from a ranking, skipping what says the same again
`shortening`   a sentence without what it can do without
`coverage`     the order in which sentences add most of the expected words
`introductions` which sentence introduces those whom others name by the last name alone
`company`      sentences that are not understood without others
`extraction`   from saliences to a summary of the document's own sentences
`dealing`      the length of an outline dealt out to its sections
`topics`       stretches on one subject, of a document without headings
`outlining`    from saliences to an outline
`abstractive/` selected sentences rewritten by the decoder
`engine`       a batch of documents in, saliences and expected words out: in numpy, on a CPU
`torch_engine` the same in torch, on any device, and the decoder
`scheduler`    many documents read ahead and batched; one that fails costs no other
`summarizer`   the Python API
`provenance`   the lines, pages, times or messages that a summary's sentences come from
`markdown`     a summary as Markdown
`page`         a summary and its document as one HTML page
"""
