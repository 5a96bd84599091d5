"""What was uploaded and waits to be imported, for one user."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from app.uploads import directory, forget, is_token, opened, seal, seal_away


@dataclass(frozen=True)
class Upload:
    """A file with the choices that were made for it. *is_rest*: imported; these are the rows that stayed out."""

    user_id: int
    team_id: int
    case: str | None
    filename: str
    map_filename: str | None
    map_text: str | None
    content: bytes
    kind: str | None = None
    """What the sheet holds, where one said so; else the map says it."""
    answers: dict[str, str] = field(default_factory=dict)
    adds: bool = False
    """What was decided about names in doubt, and whether records of the team take on more."""
    leaves_doubtful: bool = False
    """Whether rows that may be on record already stay out."""
    overwrite: list[str] = field(default_factory=list)
    """Differences in which the file goes before what somebody wrote since."""
    is_rest: bool = False
    media: str = ""
    """The token under which the ZIP of attachments is kept, where one was chosen."""
    digest: str = ""
    """Of the file that a rest is of: what came in of it can be listed."""
    token: str = ""


def keep(upload: Upload) -> str:
    """Seal an upload; gives the token of its address."""
    facts = {key: value for key, value in asdict(upload).items() if key not in ("content", "token")}
    return seal_away(facts, upload.content)


def find(token: str, user_id: int) -> Upload | None:
    """The upload if it is this user's and still kept. Other rooms keep files of their own there."""
    found = opened(token)
    if found is None or "map_filename" not in found[0]:
        return None
    facts, content = found
    upload = Upload(**facts, content=content, token=token)
    return upload if upload.user_id == user_id else None


def media_of(upload: Upload) -> bytes | None:
    """The ZIP of attachments that was chosen beside the file. Raises KeyError where it is no longer kept."""
    if not upload.media:
        return None
    found = find(upload.media, upload.user_id)
    if found is None:
        raise KeyError(upload.media)
    return found.content


def remove(token: str, user_id: int) -> None:
    """Forget the upload if it is this user's."""
    if find(token, user_id) is not None:
        forget(token)


def remove_with_media(upload: Upload) -> None:
    """Once nothing more is done with it."""
    remove(upload.token, upload.user_id)
    remove(upload.media, upload.user_id)


__all__ = ["Upload", "directory", "is_token", "keep", "seal"]
