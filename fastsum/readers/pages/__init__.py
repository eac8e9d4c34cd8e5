"""The pages of a PDF: from its characters to headings and paragraphs.

`words`       the words and lines of a PDF's pages, with their coordinates
`raised`      raised numbers and signs: marks of notes, powers, isotopes, numerators
`accents`     accents that a PDF draws apart from their letters
`direction`   letters and words that run from right to left, in the order in which they are read
`encodings`   characters that a PDF's fonts name wrongly
`edges`       a PDF's line numbers, running heads, page numbers and notes in the margin
`grids`       columns side by side that are no text: tables of words, forms, boxes
`layout`      a PDF's words to lines in reading order, column by column
`items`       bullets and numbers of a PDF's lists
`joining`     words and addresses that the end of a line divides
`tables`      tables and tables of contents among a PDF's lines
`typography`  the usual size, weight and line pitch of a PDF's text
`breaks`      lines of a PDF that end although the next word had room
`footnotes`   footnotes of a PDF's pages
`headings`    headings among a PDF's lines, and those that paragraphs begin with
`paragraphs`  a PDF's lines to headings, paragraphs and items
`glyphs`      the words of a PDF's page from the characters of PDFium
`fields`      what has been filled in in a PDF's form
"""
