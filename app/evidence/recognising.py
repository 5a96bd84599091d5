"""What a file is, by its first bytes and never by its name. What is not on the list is refused in a sentence.

No library does this: those that are kept up guess a workbook, a document with macros and an OpenDocument alike from the
first bytes of their archive, and name what they find instead of refusing what they do not know.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import PurePath
from typing import Any
from xml.parsers import expat

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Format:
    """A kind of file that is kept. The first of its *endings* is given to a file whose name has none of them."""

    media_type: str
    words: Any
    endings: tuple[str, ...]


class NotKept(Exception):
    """The file is of no kind that is kept; the message is a sentence for people."""


OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

FORMATS = {
    one.media_type: one
    for one in (
        Format("application/pdf", _l("PDF document"), (".pdf",)),
        Format("image/jpeg", _l("JPEG picture"), (".jpg", ".jpeg", ".jpe", ".jfif")),
        Format("image/png", _l("PNG picture"), (".png",)),
        Format("image/gif", _l("GIF picture"), (".gif",)),
        Format("image/webp", _l("WebP picture"), (".webp",)),
        Format("image/tiff", _l("TIFF picture"), (".tif", ".tiff")),
        Format("image/heic", _l("HEIC picture"), (".heic", ".heif")),
        Format("video/mp4", _l("MP4 video"), (".mp4", ".m4v")),
        Format("video/quicktime", _l("QuickTime video"), (".mov", ".qt")),
        Format("video/3gpp", _l("3GP video"), (".3gp", ".3gpp", ".3g2")),
        Format("audio/mpeg", _l("MP3 recording"), (".mp3",)),
        Format("audio/mp4", _l("M4A recording"), (".m4a", ".m4b")),
        Format("audio/ogg", _l("OGG recording"), (".ogg", ".oga", ".opus", ".spx")),
        Format("audio/wav", _l("WAV recording"), (".wav",)),
        Format(OFFICE + "wordprocessingml.document", _l("Word document"), (".docx",)),
        Format(OFFICE + "spreadsheetml.sheet", _l("Excel workbook"), (".xlsx",)),
        Format(OFFICE + "presentationml.presentation", _l("PowerPoint presentation"), (".pptx",)),
        Format(OPEN + "text", _l("OpenDocument text"), (".odt",)),
        Format(OPEN + "spreadsheet", _l("OpenDocument spreadsheet"), (".ods",)),
        Format("message/rfc822", _l("E-mail"), (".eml",)),
        Format("text/csv", _l("CSV table"), (".csv",)),
        Format("text/plain", _l("Plain text"), (".txt", ".text", ".log", ".md", ".srt", ".vtt", ".tsv")),
    )
}
CSV = ".csv"


def recognised(content: bytes, filename: str) -> Format:
    """Raises NotKept. The *filename* only tells a CSV from other plain text, and a script from a letter."""
    if not content:
        raise NotKept(_("the file is empty."))
    for found, words in REFUSED:
        if found(content):
            raise NotKept(str(words))
    if content.startswith(b"PK\x03\x04"):
        return FORMATS[_packed(content)]
    for media_type, found in SIGNATURES:
        if found(content):
            return FORMATS[media_type]
    return FORMATS[_text(content, PurePath(filename).suffix.lower())]


# --- by the first bytes --------------------------------------------------------------------------

Test = Callable[[bytes], bool]


def _begins(*marks: bytes, at: int = 0) -> Test:
    return lambda content: content.startswith(marks, at)


def _riff(kind: bytes) -> Test:
    return lambda content: content[:4] == b"RIFF" and content[8:12] == kind


def _brand(*brands: bytes) -> Test:
    """Of a file of the ISO family (MP4, HEIC …): what its first box says it is."""
    return lambda content: content[4:8] == b"ftyp" and content[8:12].startswith(brands)


def _is_pdf(content: bytes) -> bool:
    return content[:1024].removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n\0").startswith(b"%PDF-")


def _is_mp3(content: bytes) -> bool:
    """A tag, or the head of a frame: MPEG layer III with a bit rate and a sampling rate that exist."""
    if content.startswith(b"ID3"):
        return True
    head = content[:3]
    is_frame = len(head) == 3 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and head[1] & 0x18 != 0x08
    return is_frame and head[2] >> 4 not in (0, 15) and head[2] & 0x0C != 0x0C


def _is_ogg(content: bytes) -> bool:
    begins = content[:200]
    return begins.startswith(b"OggS") and any(
        one in begins for one in (b"OpusHead", b"\x01vorbis", b"Speex", b"\x7fFLAC")
    )


SIGNATURES: tuple[tuple[str, Test], ...] = (
    ("application/pdf", _is_pdf),
    ("image/jpeg", _begins(b"\xff\xd8\xff")),
    ("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    ("image/gif", _begins(b"GIF87a", b"GIF89a")),
    ("image/webp", _riff(b"WEBP")),
    ("image/tiff", _begins(b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")),
    ("image/heic", _brand(b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")),
    ("audio/mp4", _brand(b"M4A", b"M4B")),
    ("video/quicktime", _brand(b"qt  ")),
    ("video/3gpp", _brand(b"3gp", b"3g2", b"3ge", b"3gg", b"3gs")),
    ("video/mp4", _brand(b"isom", b"iso", b"mp4", b"avc1", b"M4V", b"MSNV", b"dash", b"mmp4")),
    ("video/quicktime", _begins(b"moov", b"mdat", b"wide", at=4)),
    ("audio/wav", _riff(b"WAVE")),
    ("audio/ogg", _is_ogg),
    ("audio/mpeg", _is_mp3),
)

PROGRAM = _l("this is a program or a script. Amparo keeps none.")
ARCHIVE = _l("this is an archive (ZIP, RAR, 7z …). Unpack it and add the files that are in it.")
OLD_OFFICE = _l("this is a file of an older Office, or one that a password locks. Save it as DOCX, XLSX or PDF.")
MACROS = _l("this document brings macros, which are programs. Save it without macros, or as PDF.")
WEB_PAGE = _l("this is a web page, a drawing or another text with marks (HTML, SVG, XML). Print it to PDF.")
RTF = _l("this is RTF, which can carry programs. Save it as DOCX or PDF.")
DAMAGED = _l("this file is damaged: it cannot be unpacked.")
TOO_MANY = _l("this file is packed of more parts than any document has.")
UNKNOWN = _l(
    "this is none of the kinds that are kept: PDF, pictures, sound, video, Word, Excel, PowerPoint, OpenDocument, "
    "text, CSV or e-mail."
)

REFUSED: tuple[tuple[Test, Any], ...] = (
    (_begins(b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe"), PROGRAM),
    (lambda content: content[:2] == b"MZ" and b"\0" in content[:64], PROGRAM),
    (_begins(b"L\0\0\0\x01\x14\x02\0", b"#!"), PROGRAM),
    (_begins(b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"MSCF", b"PK\x05\x06"), ARCHIVE),
    (_begins(b"ustar", at=257), ARCHIVE),
    (_begins(OLE), OLD_OFFICE),
    (_begins(b"{\\rtf"), RTF),
)


# --- what is packed in an archive ----------------------------------------------------------------

SCRIPT_ENDINGS = frozenset({
    ".bat", ".cmd", ".com", ".hta", ".jar", ".js", ".jse", ".lnk", ".mjs", ".php", ".pl", ".ps1", ".psm1", ".py",
    ".rb", ".reg", ".scf", ".scr", ".sh", ".url", ".vbe", ".vbs", ".wsf", ".wsh",
})  # fmt: skip
PROGRAM_ENDINGS = SCRIPT_ENDINGS | {
    ".apk", ".app", ".class", ".cpl", ".deb", ".dex", ".dll", ".dmg", ".dylib", ".elf", ".exe", ".msi", ".msix", ".ocx",
    ".pif", ".rpm", ".so", ".sys",
}  # fmt: skip

MOST_OF_A_LIST = 1024 * 1024
"""A list of contents that unpacks to more than this is a trap."""
MOST_PARTS, LONGEST_DIRECTORY, MOST_OF_TIES = 5_000, 512 * 1024, 16 * 1024 * 1024
"""How many parts an archive may have, and how many bytes its directory and all its relationships."""

MAIN_PARTS = {
    OFFICE + "wordprocessingml.document.main+xml": OFFICE + "wordprocessingml.document",
    OFFICE + "spreadsheetml.sheet.main+xml": OFFICE + "spreadsheetml.sheet",
    OFFICE + "presentationml.presentation.main+xml": OFFICE + "presentationml.presentation",
}
OPEN_DOCUMENTS = (OPEN + "text", OPEN + "spreadsheet")
CONTENT_TYPES = "[Content_Types].xml"
_END_OF_ARCHIVE = re.compile(rb"PK\x05\x06")
_LONGEST_END = 20 + 22 + 65_535
"""Of an archive: where a longer end would be told, the end, and what may be said behind it."""


def _packed(content: bytes) -> str:
    """Of an Office file its kind, as its own list of contents says it. Raises NotKept for any other archive."""
    _check_size(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if len(names) > MOST_PARTS:
                raise NotKept(str(TOO_MANY))
            _check_parts(archive)
            if CONTENT_TYPES in names:
                return _office(archive)
            if "mimetype" in names:
                return _open_document(archive)
    except (
        zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError,
        expat.ExpatError,
    ) as error:  # fmt: skip
        raise NotKept(str(DAMAGED)) from error
    raise NotKept(str(ARCHIVE))


def _check_size(content: bytes) -> None:
    """Before anything is opened: reading a directory of a hundred thousand parts takes seconds.

    Every place that may be the end counts, since readers do not agree which one it is.
    """
    tail = content[-_LONGEST_END:]
    for end in _END_OF_ARCHIVE.finditer(tail):
        at = end.start()
        parts, length = (int.from_bytes(tail[at + first : at + last], "little") for first, last in ((10, 12), (12, 16)))
        has_longer_end = tail[max(at - 20, 0) :].startswith(b"PK\x06\x07")
        if has_longer_end or parts > MOST_PARTS or length > LONGEST_DIRECTORY:
            raise NotKept(str(TOO_MANY))


def _check_parts(archive: zipfile.ZipFile) -> None:
    """No part is a program, by its name or its first bytes; no two bear one name, of which readers take either."""
    seen = set()
    for part in archive.infolist():
        name = part.filename.lower()
        if name in seen or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile
        seen.add(name)
        if name == "meta-inf/manifest.mf" or PurePath(name).suffix in PROGRAM_ENDINGS:
            raise NotKept(str(PROGRAM))
        with archive.open(part) as opened:
            begins = opened.read(64)
        if any(words is PROGRAM and found(begins) for found, words in REFUSED):
            raise NotKept(str(PROGRAM))
        # What is embedded may be an older document; anywhere else, and by such a name, it is what macros are kept in.
        if "vbaproject" in name or "vbadata" in name or (begins.startswith(OLE) and "/embeddings/" not in name):
            raise NotKept(str(MACROS))


def _attributes(content: bytes, wanted: str) -> list[str]:
    """The values of that attribute of all elements, as an XML parser reads them. Raises ExpatError or BadZipFile."""
    found: list[str] = []
    # In no other encoding, without entities: what another program reads must be what is read here.
    parser = expat.ParserCreate("UTF-8")
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = lambda _name, attributes: found.extend(
        value for name, value in attributes.items() if name.rpartition(":")[2] == wanted
    )
    parser.Parse(content, True)
    return found


def _refuse_document_type(*_what: Any) -> None:
    raise zipfile.BadZipFile


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(MOST_OF_A_LIST)


def _office(archive: zipfile.ZipFile) -> str:
    types = [declared.strip() for declared in _attributes(_beginning(archive, CONTENT_TYPES), "ContentType")]
    if any("macro" in declared.lower() or "vba" in declared.lower() for declared in types):
        raise NotKept(str(MACROS))
    ties = [part for part in archive.infolist() if part.filename.lower().endswith(".rels")]
    if sum(part.file_size for part in ties) > MOST_OF_TIES:
        raise zipfile.BadZipFile
    for part in ties:
        if any("vba" in kind.lower() or "macro" in kind.lower() for kind in _attributes(archive.read(part), "Type")):
            raise NotKept(str(MACROS))
    for declared in types:
        if declared in MAIN_PARTS:
            return MAIN_PARTS[declared]
    raise NotKept(str(UNKNOWN))


def _open_document(archive: zipfile.ZipFile) -> str:
    """The kind stands first and unpacked, so that it can be read off the file; nothing else is a kind."""
    if any(name.lower().startswith(("basic/", "scripts/")) for name in archive.namelist()):
        raise NotKept(str(MACROS))
    kind = archive.getinfo("mimetype")
    if kind.header_offset or kind.compress_type != zipfile.ZIP_STORED:
        raise NotKept(str(UNKNOWN))
    declared = _beginning(archive, "mimetype").decode("utf-8", "replace").strip()
    if declared not in OPEN_DOCUMENTS:
        raise NotKept(str(UNKNOWN))
    return declared


# --- text ----------------------------------------------------------------------------------------

_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MARKS = re.compile(rb"<\s*(!doctype|html|svg|script|head|body|iframe|\?xml)", re.IGNORECASE)
NOT_ASCII = bytes(range(0x80, 0x100))
NOT_IN_CP1252 = {0x81, 0x8D, 0x8F, 0x90, 0x9D}
_COMMANDS = (b"<?php", b"@echo off", b"%!ps")
HEADERS_OF_MAIL = ("from", "date", "received", "message-id", "subject", "to", "return-path", "mime-version")


def _text(content: bytes, ending: str) -> str:
    """UTF-8 or Windows-1252 without control signs."""
    if _CONTROLS.search(content) or not _is_readable(content):
        raise NotKept(str(UNKNOWN))
    begins = content[:2048].removeprefix(b"\xef\xbb\xbf").lstrip()
    if ending in SCRIPT_ENDINGS or begins.lower().startswith(_COMMANDS):
        raise NotKept(str(PROGRAM))
    if _is_mail(content):
        return "message/rfc822"
    if begins.startswith(b"<") or _MARKS.search(begins):
        raise NotKept(str(WEB_PAGE))
    return "text/csv" if ending == CSV else "text/plain"


def _is_readable(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        # Nearly any bytes can be read as Windows-1252; in a language that uses it, most letters have no accent.
        return len(content.translate(None, NOT_ASCII)) * 2 > len(content) and not set(content) & NOT_IN_CP1252
    return True


def _is_mail(content: bytes) -> bool:
    """From somebody, and three of the lines that mail programs write."""
    if not re.match(rb"[A-Za-z][A-Za-z0-9-]*:[ \t]", content):
        return False
    heads = BytesHeaderParser().parsebytes(content[:65536])
    return "from" in heads and sum(name in heads for name in HEADERS_OF_MAIL) >= 3
