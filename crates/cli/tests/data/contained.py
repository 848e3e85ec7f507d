"""contained.py FILE TEXT...: prints the texts that stand somewhere in a file, one a line.

Looks into the bytes as they are, into the members of a zip file (XLSX, DOCX) and into the compressed streams of a
PDF, each in the encodings that such files use. What a PDF draws as glyphs is not text: use pdftotext for that.
"""

import io
import re
import sys
import zipfile
import zlib


def parts(content):
    yield content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from parts(archive.read(name))
    if content.startswith(b"%PDF-"):
        for stream in re.finditer(rb"stream\r?\n(.*?)endstream", content, re.S):
            try:
                yield zlib.decompressobj().decompress(stream[1])
            except zlib.error:
                yield stream[1]


def spellings(text):
    wide = text.encode("utf-16-be")
    yield from (text.encode(), wide, text.encode("utf-16-le"), wide.hex().encode(), wide.hex().upper().encode())


with open(sys.argv[1], "rb") as file:
    everything = list(parts(file.read()))
for text in sys.argv[2:]:
    if any(spelling in part for spelling in spellings(text) for part in everything):
        print(text)
