"""A user's file to text. The format is detected from the content, and the module with its name reads it.

A reader runs in a process of its own, which loads the library that the format needs.

`blocks`      what all formats share: a document's blocks, and the text that is made of them
`signs`       raised and lowered text and fractions on one line: 10^6
`symbol`      the letters of the fonts Symbol and Wingdings as characters
`places`      the order in which the boxes on a slide are read
`office`      what office formats share: lines with raised text, tables, headings without a style
`tags`        which elements of HTML are blocks
`xml`         XML parsed safely: names of characters are known, nothing is fetched, expansion and nesting are limited
`formulas`    formulas of MathML and Word as one line of text
`tex`         formulas in TeX as one line of text
`archive`     the ZIP archives of DOCX, PPTX, OpenDocument and EPUB, with a limit on their unpacked size
`hidden`      what an HTML tree has in it and does not show
`inline`      what stands within the lines of an HTML tree, as text: formulas, raised text, marks of notes
`markup`      the blocks of an HTML tree, as a browser would show them
`recognition` text markup by its signs: LaTeX, reStructuredText, AsciiDoc, Org, man pages, notebooks
`codelines`   source code by its lines
`refusals`    what is no document: source code, logs, data
`formats`     what format a file is in, detected from its content
`words`       the words and lines of a PDF's pages, with their coordinates
`direction`   letters and words that run from right to left, in the order in which they are read
`edges`       a PDF's line numbers, running heads, page numbers and notes in the margin
`layout`      a PDF's words to lines in reading order, column by column
`items`       bullets and numbers of a PDF's lists
`joining`     words and addresses that the end of a line divides
`tables`      tables and tables of contents among a PDF's lines
`typography`  the usual size, weight and line pitch of a PDF's text
`headings`    headings among a PDF's lines, and those that paragraphs begin with
`paragraphs`  a PDF's lines to headings, paragraphs and items
`unclosed`    fences, comments and tags of Markdown that nobody closed
`markdown_inline`  what stands within a paragraph of Markdown, as its reader sees it
`glyphs`      the words of a PDF's page from the characters of PDFium
`fields`      what has been filled in in a PDF's form
`markdown`    Markdown, and plain text
`pdf`         the PDF as a whole: its forms, what of it cannot be read, its title
`word`        the text of a Word document's paragraph: runs, signs, fields and formulas
`docx`        the body of a Word document
`epub`        the chapters of a book
`html`        the main text of a web page
`jats`        scientific articles in the XML of PubMed Central and publishers
`rtfcodes`    the code pages, signs and destinations of RTF
`rtfmath`     the formulas of RTF
`rtfstate`    the properties of the groups of an RTF document
`rtf`         Rich Text documents
`pptx`        the slides of a PowerPoint presentation
`odfstyles`   what the styles of an OpenDocument file say about its text
`odf`         OpenDocument texts and presentations
`feed`        the entries of RSS and Atom feeds
`fb2`         books in the XML of FictionBook
`tei`         editions and papers in the XML of the TEI
`captions`    what is said in SRT and WebVTT files, and when
`mail`        the letters of EML and MBOX files
`mhtml`       a web page saved in one file
`msg`         a letter saved by Outlook
`texparse`    the surface of LaTeX: words, groups, commands, environments, formulas
`texmath`     formulas of TeX on one line
`siunitx`     numbers with units in LaTeX
`commands`    what becomes of the commands and environments of LaTeX
`texsource`   LaTeX before it is parsed: code and comments go, the author's commands are replaced
`citations`   citations and references of LaTeX in a sentence
`latex`       LaTeX, without the preamble, formulas, figures and tables
`sphinx`      roles and directives of Sphinx
`rst`         reStructuredText, parsed by docutils
`asciidoc`    AsciiDoc
`org`         Org mode
`roff`        requests and escapes of man pages
`man`         man pages in the macros of man and mdoc
`notebook`    the text cells of Jupyter notebooks
`isolation`   a reader run in a process of its own, with limits on time and memory
`documents`   a file or standard input, in any format and encoding, to text
"""
