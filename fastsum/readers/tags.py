"""Which elements of HTML are blocks."""

from __future__ import annotations

import re

BLOCKS = re.compile(  # all others are inline elements, unknown ones too
    "address|article|aside|blockquote|body|caption|center|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure"
    "|footer|form|h[1-6]|header|hgroup|hr|html|legend|li|main|menu|nav|ol|option|p|pre|section|summary|table|tbody|td"
    "|tfoot|th|thead|tr|ul"
)
