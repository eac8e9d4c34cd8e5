"""The parts of the reader of Markdown.

`unclosed`  fences, comments and tags of Markdown that nobody closed
`inline`    what stands within a paragraph of Markdown, as its reader sees it
"""
