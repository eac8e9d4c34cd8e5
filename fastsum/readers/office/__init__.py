"""What the formats of offices share, and the parts of their readers.

`places`     the order in which the boxes on a slide are read
`lines`      what office formats share: lines with raised text, tables, headings without a style
`fieldcodes` what the codes of fields show in Word and RTF: formulas, signs
`word`       the text of a Word document's paragraph: runs, signs, fields and formulas
`rtfcodes`   the code pages, signs and destinations of RTF
`rtfmath`    the formulas of RTF
`rtfstate`   the properties of the groups of an RTF document
`odfstyles`  what the styles of an OpenDocument file say about its text
"""
