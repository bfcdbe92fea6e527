"""The node's flash on disk, as cEOS finds it: startup-config, factory data, people's files."""

from collections.abc import Mapping
from pathlib import Path

from avdlab.twin.eapi.folder import write_private

STARTUP = "startup-config"
MAPPING = "EosIntfMapping.json"
_CEOS_CONFIG, _SYSTEM_MAC = "ceos-config", "system_mac_address"
_NOT_TEXT = frozenset({STARTUP, MAPPING, _CEOS_CONFIG, _SYSTEM_MAC})
_LARGEST = 1024 * 1024


class Flash:
    """Reads once at boot, writes what changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._saved: tuple[str | None, dict[str, str]] = (self.startup(), self.files())

    def startup(self) -> str | None:
        """Return the startup-config, None when there is none."""
        return self._text(STARTUP)

    def mapping(self) -> str | None:
        """Return EosIntfMapping.json, None when there is none."""
        return self._text(MAPPING)

    def factory(self) -> tuple[str, str]:
        """Return serial number and system MAC ("" where the lab gives none)."""
        lines = (self._text(_CEOS_CONFIG) or "").splitlines()
        told = dict(line.strip().partition("=")[::2] for line in lines if "=" in line)
        mac = told.get("SYSTEMMACADDR") or self._text(_SYSTEM_MAC) or ""
        return told.get("SERIALNUMBER", "").strip(), normal_mac(mac)

    def files(self) -> dict[str, str]:
        """Return the other text files."""
        if not self.folder.is_dir():
            return {}
        found = {}
        for path in sorted(self.folder.iterdir()):
            if path.name.startswith(".") or path.name in _NOT_TEXT or not path.is_file():
                continue
            if path.stat().st_size <= _LARGEST and (text := self._text(path.name)) is not None:
                found[path.name] = text
        return found

    def save(self, startup: str | None, files: Mapping[str, str]) -> None:
        """Write what differs from what was read or written last."""
        before, known = self._saved
        if startup != before:
            self._write(STARTUP, startup)
        for name in known.keys() - files.keys():
            self._write(name, None)
        for name, text in files.items():
            if known.get(name) != text and _is_plain(name):
                self._write(name, text)
        self._saved = (startup, dict(files))

    def _write(self, name: str, text: str | None) -> None:
        path = self.folder / name
        if text is None:
            path.unlink(missing_ok=True)
        else:
            write_private(path, text.encode())

    def _text(self, name: str) -> str | None:
        try:
            return (self.folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None


def _is_plain(name: str) -> bool:
    return "/" not in name and not name.startswith(".") and name not in _NOT_TEXT


def normal_mac(text: str) -> str:
    """Write a MAC of any notation as `aa:bb:cc:dd:ee:ff`; "" for what is none."""
    digits = "".join(letter for letter in text.strip().lower() if letter not in ".:-")
    if len(digits) != 12 or any(d not in "0123456789abcdef" for d in digits):
        return ""
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))
