"""Fields of a Word document, which its program works out: page numbers, the list of contents."""

from __future__ import annotations

import re
from typing import Final

BEGIN: Final = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
SEPARATE: Final = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
END: Final = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'

CONTENTS: Final = (
    f'{BEGIN}<w:r><w:instrText xml:space="preserve"> TOC \\o "1-3" \\h \\z \\u </w:instrText></w:r>'
    f"{SEPARATE}"
)
"""Where the list of contents begins: headings of the first three levels, as links."""

CONTENTS_END: Final = f"<w:p>{END}</w:p>"

_CONTENTS: Final = re.compile(
    f"{re.escape(BEGIN)}<w:r><w:instrText[^>]*> TOC [^<]*</w:instrText></w:r>{re.escape(SEPARATE)}"
)


def field_xml(instruction: str, shown: str) -> str:
    """Return a field and the run that it shows until it is brought up to date."""
    told = f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
    return f"{BEGIN}{told}{SEPARATE}{shown}{END}"


def without_contents_field(xml: str) -> str:
    """Return a document whose list of contents is plain paragraphs with page numbers of their own.

    LibreOffice does not work out a list of contents when it makes a PDF, but it does work out
    page numbers that stand in ordinary paragraphs.
    """
    return _CONTENTS.sub("", xml, count=1).replace(CONTENTS_END, "", 1)
