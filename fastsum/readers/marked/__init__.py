"""The parts of the reader of Markdown.

`unclosed`  fences, comments and tags of Markdown that nobody closed
`dialects`  roles of MyST, citations of pandoc and the like, as their readers see them
`inline`    what stands within a paragraph of Markdown, as its reader sees it
"""
