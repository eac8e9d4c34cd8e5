"""From a document and a model to a summary.

`result`       what summarizing returns
`limits`       how long a summary is to be and how it is made
`selection`    sentences from a ranking, skipping repeats
`shortening`   a sentence without what it can do without
`coverage`     the order in which sentences add most of the expected words
`extraction`   from saliences to a summary of the document's own sentences
`decoding`     beam search
`surface`      the cased forms that lower-cased words have in a document
`faithfulness` numbers and names of a summary that its document lacks
`rewriting`    what the decoder reads, and from the words it wrote to a summary
`summarizer`   the Python API
`provenance`   the lines or pages that a summary's sentences come from
`page`         a summary and its document as one HTML page
"""
