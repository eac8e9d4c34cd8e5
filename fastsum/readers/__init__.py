"""A user's file to text. The format is detected from the content, and the module with its name reads it.

A reader runs in a process of its own, which loads the library that the format needs.

`blocks`      what all formats share: a document's blocks, and the text that is made of them
`signs`       raised and lowered text and fractions on one line: 10^6
`symbol`      the letters of the fonts Symbol and Wingdings as characters
`xml`         XML parsed safely: names of characters are known, nothing is fetched, expansion and nesting are limited
`formulas`    formulas of MathML and Word as one line of text
`tex/`        LaTeX and its formulas
`web/`        the tree of a web page, of an e-book's chapter or of a letter in HTML
`office/`     what the formats of offices share, and the parts of their readers
`pages/`      the pages of a PDF: from its characters to headings and paragraphs
`marked/`     the parts of the reader of Markdown
`detection/`  what a file is, from its content
`archive`     the ZIP archives of DOCX, PPTX, OpenDocument and EPUB, with a limit on their unpacked size
`formats`     what format a file is in, detected from its content
`markdown`    Markdown, and plain text
`pdf`         the PDF as a whole: its forms, what of it cannot be read, its title
`docx`        the body of a Word document
`epub`        the chapters of a book
`html`        the main text of a web page
`jats`        scientific articles in the XML of PubMed Central and publishers
`rtf`         Rich Text documents
`pptx`        the slides of a PowerPoint presentation
`odf`         OpenDocument texts and presentations
`feed`        the entries of RSS and Atom feeds
`fb2`         books in the XML of FictionBook
`tei`         editions and papers in the XML of the TEI
`captions`    what is said in SRT and WebVTT files, and when
`mail`        the letters of EML and MBOX files
`mhtml`       a web page saved in one file
`msg`         a letter saved by Outlook
`latex`       LaTeX, without the preamble, formulas, figures and tables
`sphinx`      roles and directives of Sphinx
`rst`         reStructuredText, parsed by docutils
`asciidoc`    AsciiDoc
`org`         Org mode
`roff`        requests and escapes of man pages
`man`         man pages in the macros of man and mdoc
`notebook`    the text cells of Jupyter notebooks
`isolation`   a reader run in a process of its own, with limits on time and memory
`gutenberg`   the notices of Project Gutenberg around a book, left out of its text
`documents`   a file or standard input, in any format and encoding, to text
"""
