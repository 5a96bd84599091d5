"""What a file is, its content says; what is not on the list is refused in a sentence."""

import io
import zipfile

import pytest
from flask_babel import force_locale

from app.evidence.names import cleaned, served_as
from app.evidence.recognising import FORMATS, OFFICE, OLE, OPEN, NotKept, recognised

OF_BOTH_DATABASES = ("sqlite",)


def packed(*, how=zipfile.ZIP_STORED, **parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def office(main, *, beside=(), types=None):
    declared = types or f'<Override PartName="/main.xml" ContentType="{main}.main+xml"/>'
    return packed(
        **{"[Content_Types].xml": f"<Types>{declared}</Types>", "main.xml": "<x/>", **dict.fromkeys(beside, "")}
    )


def iso(brand):
    return b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0" + brand + b"mif1"


MAIL = b"From: Ana <a@example.org>\r\nTo: b@example.org\r\nDate: Mon, 6 May 2024 10:00:00 -0500\r\n\r\nHola"
WORD, SHEET, SLIDES = (
    OFFICE + kind for kind in ("wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation")
)

KEPT = {
    "application/pdf": [b"%PDF-1.7\n%%EOF", b"\xef\xbb\xbf%PDF-1.4\n"],
    "image/jpeg": [b"\xff\xd8\xff\xe0\0\x10JFIF\0", b"\xff\xd8\xff\xe1\0\x10Exif\0"],
    "image/png": [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"],
    "image/gif": [b"GIF87a\1\0\1\0", b"GIF89a\1\0\1\0"],
    "image/webp": [b"RIFF\x1a\0\0\0WEBPVP8L"],
    "image/tiff": [b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"],
    "image/heic": [iso(b"heic"), iso(b"mif1")],
    "video/mp4": [iso(b"isom"), iso(b"mp42")],
    "video/quicktime": [iso(b"qt  "), b"\0\0\0\x08wide\0\0\0\0mdat"],
    "video/3gpp": [iso(b"3gp5")],
    "audio/mp4": [iso(b"M4A ")],
    "audio/mpeg": [b"ID3\x04\0\0\0\0\0\0", b"\xff\xfb\x90\x64" + b"\0" * 400, b"\xff\xf3\x40\xc4" + b"\0" * 400],
    "audio/ogg": [b"OggS\0\2" + b"\0" * 22 + b"OpusHead\1", b"OggS\0\2" + b"\0" * 22 + b"\x01vorbis"],
    "audio/wav": [b"RIFF\x24\0\0\0WAVEfmt "],
    WORD: [office(WORD)],
    SHEET: [office(SHEET)],
    SLIDES: [office(SLIDES)],
    OPEN + "text": [packed(mimetype=OPEN + "text", **{"content.xml": "<x/>"})],
    OPEN + "spreadsheet": [packed(mimetype=OPEN + "spreadsheet", **{"content.xml": "<x/>"})],
    "message/rfc822": [MAIL],
    "text/plain": ["Señor, ¿qué pasó?".encode(), "Señor, ¿qué pasó?".encode("cp1252"), b"From: here one sees it"],
}


@pytest.mark.parametrize("media_type", KEPT)
def test_each_kind_is_recognised_by_its_bytes_alone(media_type):
    for content in KEPT[media_type]:
        assert recognised(content, "anything.exe").media_type == media_type
    assert set(KEPT) | {"text/csv"} == set(FORMATS)


def test_only_its_name_tells_a_table_from_other_text():
    assert recognised(b"a,b\n1,2", "list.CSV").media_type == "text/csv"
    assert recognised(b"a,b\n1,2", "list.txt").media_type == "text/plain"


MACRO = "application/vnd.ms-word.document.macroEnabled"
HIDDEN = MACRO.replace("m", "&#109;") + ".main+xml"
VBA_TIE = "http://schemas.microsoft.com/office/2006/relationships/vba&#80;roject"
MAIN_AND = f'<Override ContentType="{WORD}.main+xml"/><Override ContentType="{{}}"/>'
WORD_PARTS = {"[Content_Types].xml": f"<Types>{MAIN_AND.format('x')}</Types>", "word/document.xml": "<x/>"}


def claiming(archive, length):
    """An archive whose end says that its directory has that length."""
    end = archive.rindex(b"PK\x05\x06")
    return archive[: end + 12] + length.to_bytes(4, "little") + archive[end + 16 :]


REFUSED = {
    "empty": [b""],
    "program or a script": [
        b"MZ\x90\0\x03\0\0\0", b"\x7fELF\2\1\1", b"#!/bin/sh\nrm -r /", b"<?php system($x);", b"@echo off\r\ndel *",
        packed(**{"META-INF/MANIFEST.MF": "Main-Class: X"}),
        packed(mimetype="text/plain", **{"setup.exe": "x", "META-INF/MANIFEST.MF": "Main-Class: X"}),
        packed(mimetype=OPEN + "text", **{"content.xml": "<x/>", "A.class": "x"}),
        office(WORD, beside=["word/run.ps1"]), packed(mimetype=OPEN + "text", picture=b"MZ\x90\0\x03\0\0\0"),
    ],
    "archive": [packed(photo="x"), b"Rar!\x1a\7\0", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08\0", b"x" * 257 + b"ustar\0"],
    "older Office": [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100],
    "macros": [
        office(MACRO), office(WORD, beside=["word/vbaProject.bin"]),
        packed(mimetype=OPEN + "text", **{"Basic/Standard/Module1.xml": ""}),
        office(WORD, types=MAIN_AND.format(HIDDEN)),
        office(WORD, types=MAIN_AND.format("application/vnd.ms-office.vbaProject")),
        packed(**WORD_PARTS, **{"word/settings.bin": OLE + b"\0" * 100}),
        packed(**WORD_PARTS, **{"word/_rels/document.xml.rels": f'<R><T Type="{VBA_TIE}"/></R>'}),
    ],
    "web page": [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>", b" \n<!DOCTYPE html><p>", b"<?xml version='1.0'?><x/>",
        b"Hello <script>alert(1)</script>",
    ],
    "RTF": [rb"{\rtf1\ansi x}"],
    "damaged": [
        office(WORD)[:60], office(WORD, types=MAIN_AND.format("x") + "<"),
        packed(**{"[Content_Types].xml": f"<!DOCTYPE T [<!ENTITY a 'x'>]>{WORD_PARTS['[Content_Types].xml']}"}),
        packed(**WORD_PARTS, **{"[content_types].xml": "<Types/>"}),
    ],
    "more parts": [packed(**dict.fromkeys(map(str, range(5_001)), "")), claiming(office(WORD), 600 * 1024)],
    "none of the kinds": [
        b"\0\1\2\3\4\5", b"RIFF\0\0\0\0AVI LIST", b"\xff\xff\xff\xff", packed(mimetype=OPEN + "graphics"),
        *(packed(mimetype=kind, x="x") for kind in ("text/plain", "image/png", "application/pdf", WORD)),
        packed(mimetype=OPEN + "text", how=zipfile.ZIP_DEFLATED), packed(first="x", mimetype=OPEN + "text"),
        office("application/vnd.visio.drawing"), "A".encode("utf-16"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("words", REFUSED)
def test_what_is_not_kept_is_refused_whatever_its_name(app, words):
    with app.test_request_context(), force_locale("en"):
        for content in REFUSED[words]:
            for name in ("photo.jpg", "letter.pdf", "letter.docx"):
                with pytest.raises(NotKept, match=words):
                    recognised(content, name)


@pytest.mark.parametrize("name", ["run.bat", "run.PS1", "run.js", "a.url"])
def test_text_that_is_called_a_script_is_one(app, name):
    with app.test_request_context(), force_locale("en"), pytest.raises(NotKept, match="script"):
        recognised(b"echo hello", name)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("C:\\fakepath\\acta final.pdf", "acta final.pdf"),
        ("../../etc/passwd", "passwd"),
        ("foto\u202egpj.exe", "fotogpj.exe"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie- x.pdf"),
        ("  ... ", "file"),
        ("n\u0303andu.jpg", "ñandu.jpg"),
    ],
)
def test_names_lead_nobody_astray(name, kept):
    assert cleaned(name) == kept


def test_a_long_name_keeps_its_ending():
    assert cleaned("a" * 500 + ".jpg") == "a" * 196 + ".jpg"


def test_a_name_gets_the_ending_of_what_the_file_is():
    jpeg = FORMATS["image/jpeg"]

    assert served_as("photo.JPEG", jpeg) == "photo.JPEG"
    assert served_as("photo.exe", jpeg) == "photo.jpg"
    assert served_as("photo", jpeg) == "photo.jpg"
