"""Settings, read once from the environment; a wrong one is answered with one sentence that names it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global

PACKS = Path(__file__).parent / "app" / "packs"
"""The code lists, places and demonstration data that come with Amparo."""


class SettingError(Exception):
    """A setting that cannot be used. The message names the setting and says what to write."""


@dataclass(frozen=True)
class Settings:
    """What an installation may choose. Sizes are in bytes, times in minutes."""

    instance: Path = Path("instance")
    database_url: str | None = None
    timezone: str = "America/Lima"
    language: str = "es"
    country: str = "PE"
    secure_cookies: bool = False
    hosts: tuple[str, ...] = ()
    """Further names under which browsers may call; this machine's own always may."""
    session_idle_minutes: int = 60
    session_hours: int = 12
    acknowledge_immediate_minutes: int = 60
    acknowledge_urgent_minutes: int = 24 * 60
    """Within how many minutes a coordinator should acknowledge an urgent incident."""
    transparency_answer_days: int = 10
    transparency_appeal_days: int = 15
    """Working days for an answer under Peru's Ley 27806, and for an appeal against it. General knowledge, not checked
    against the norm: an organisation cited 12 for the answer in 2016."""
    max_request_bytes: int = 12 * 1024 * 1024
    evidence_max_bytes: int = 25 * 1024 * 1024
    import_max_bytes: int = 25 * 1024 * 1024
    import_max_unpacked_bytes: int = 100 * 1024 * 1024
    import_max_memory: int = 1024 * 1024 * 1024
    import_max_rows: int = 100_000
    import_max_columns: int = 200
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = "starttls"
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    mail_from: str = ""
    testing: bool = False
    extra: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read AMPARO_* and DATABASE_URL.

        Raises SettingError for a value that cannot be used.
        """
        env = os.environ if environment is None else environment
        defaults = cls()
        return cls(
            instance=Path(env.get("AMPARO_INSTANCE") or Path(__file__).parent / "instance").expanduser().resolve(),
            database_url=_database_url(env.get("DATABASE_URL")),
            timezone=_timezone(env.get("AMPARO_TIMEZONE") or defaults.timezone),
            language=_one_of(env, "AMPARO_LANGUAGE", ("es", "en"), defaults.language),
            country=_country(env.get("AMPARO_COUNTRY") or defaults.country),
            secure_cookies=_one_of(env, "AMPARO_SECURE_COOKIES", ("yes", "no"), "no") == "yes",
            hosts=_hosts(env.get("AMPARO_HOSTS")),
            session_idle_minutes=_number(env, "AMPARO_SESSION_IDLE_MINUTES", defaults.session_idle_minutes),
            session_hours=_number(env, "AMPARO_SESSION_HOURS", defaults.session_hours),
            acknowledge_immediate_minutes=_number(
                env, "AMPARO_ACKNOWLEDGE_IMMEDIATE_MINUTES", defaults.acknowledge_immediate_minutes
            ),
            acknowledge_urgent_minutes=_number(
                env, "AMPARO_ACKNOWLEDGE_URGENT_MINUTES", defaults.acknowledge_urgent_minutes
            ),
            transparency_answer_days=_number(env, "AMPARO_TRANSPARENCY_ANSWER_DAYS", defaults.transparency_answer_days),
            transparency_appeal_days=_number(env, "AMPARO_TRANSPARENCY_APPEAL_DAYS", defaults.transparency_appeal_days),
            max_request_bytes=_number(env, "AMPARO_MAX_REQUEST_BYTES", defaults.max_request_bytes),
            evidence_max_bytes=_number(env, "AMPARO_EVIDENCE_MAX_BYTES", defaults.evidence_max_bytes),
            import_max_bytes=_number(env, "AMPARO_IMPORT_MAX_BYTES", defaults.import_max_bytes),
            import_max_unpacked_bytes=_number(
                env, "AMPARO_IMPORT_MAX_UNPACKED_BYTES", defaults.import_max_unpacked_bytes
            ),
            import_max_memory=_number(env, "AMPARO_IMPORT_MAX_MEMORY", defaults.import_max_memory),
            import_max_rows=_number(env, "AMPARO_IMPORT_MAX_ROWS", defaults.import_max_rows),
            import_max_columns=_number(env, "AMPARO_IMPORT_MAX_COLUMNS", defaults.import_max_columns),
            smtp_host=env.get("AMPARO_SMTP_HOST", "").strip(),
            smtp_port=_number(env, "AMPARO_SMTP_PORT", defaults.smtp_port),
            smtp_security=_one_of(env, "AMPARO_SMTP_SECURITY", ("starttls", "tls", "none"), defaults.smtp_security),
            smtp_user=env.get("AMPARO_SMTP_USER", ""),
            smtp_password=env.get("AMPARO_SMTP_PASSWORD", ""),
            mail_from=_mail_address(env.get("AMPARO_MAIL_FROM")),
        )

    def max_request_with(self, setting: str) -> int:
        """What a form may weigh that brings files of that limit: the largest one, and what a browser writes around."""
        return max(self.max_request_bytes, int(getattr(self, setting)) + 1024 * 1024)

    @property
    def can_mail(self) -> bool:
        return bool(self.smtp_host and self.mail_from)


def _database_url(value: str | None) -> str | None:
    if not value:
        return None
    for prefix in ("postgresql+psycopg://", "postgresql://", "postgres://"):
        if value.startswith(prefix):
            return "postgresql+psycopg://" + value.removeprefix(prefix)
    raise SettingError(
        "DATABASE_URL must begin with postgresql:// (leave it out to use the encrypted file in the data directory)."
    )


def _hosts(value: str | None) -> tuple[str, ...]:
    names = tuple(name.strip().lower() for name in (value or "").split(",") if name.strip())
    for name in names:
        if not re.fullmatch(r"\.?[a-z0-9.-]+|\[[0-9a-f:]+\]", name):
            raise SettingError(
                f"AMPARO_HOSTS: {name!r} is not a host name; write names such as amparo.example.org, parted by commas."
            )
    return names


def _mail_address(value: str | None) -> str:
    text = (value or "").strip()
    if text and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", text):
        raise SettingError(f"AMPARO_MAIL_FROM: {text!r} is not a mail address; write one such as amparo@example.org.")
    return text


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingError(f"AMPARO_TIMEZONE: {value!r} is not a time zone; write one such as America/Lima.") from error
    return value


def _country(value: str) -> str:
    code = value.upper()
    code = get_global("territory_aliases").get(code, [code])[0] if len(code) == 3 else code
    if len(code) != 2 or not code.isalpha():
        raise SettingError(f"AMPARO_COUNTRY: {value!r} is not a country code; write two letters such as PE.")
    return code


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name)
    if not text:
        return default
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise SettingError(f"{name}: {text!r} is not a whole number above zero.")
    return number


def _one_of(env: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = (env.get(name) or default).lower()
    if value not in allowed:
        raise SettingError(f"{name}: {value!r} is not one of {', '.join(allowed)}.")
    return value
