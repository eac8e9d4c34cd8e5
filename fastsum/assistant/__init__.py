"""A server through which assistants read and summarize documents: the Model Context Protocol.

`folders`  files below some folders, and no others
`calls`    each call in a thread of its own, cancelled and limited in time
`reading`  a document that was read: its sentences, sections, lines and pages
`library`  documents and models that calls share
`passages` a section, lines or pages of a document
`answers`  what each tool returns, as data and as text
`tools`    the tools: their arguments, and what each does
`server`   the protocol on standard input and output
"""
