"""Abstractive summaries: selected sentences rewritten by the decoder. Extractive ones need nothing from here.

`decoding`      beam search
`surface`       the cased forms that lower-cased words have in a document
`faithfulness`  numbers and names of a summary that are not in its document
`rewriting`     what the decoder reads, and from the words it wrote to a summary
"""
