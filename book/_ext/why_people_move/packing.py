"""One way to make a ZIP file: the same bytes from the same files, whenever and wherever it is made."""

import zipfile
from pathlib import Path

# The earliest date that a ZIP file can hold: that of a clone says nothing about the book.
DATE = (1980, 1, 1, 0, 0, 0)


def pack(archive, files):
    """Write a ZIP file without the dates, the order and the permissions of this machine.

    Parameters
    ----------
    archive : pathlib.Path
    files : dict
        What each file inside the archive, named by its path, holds: a path to copy, a text or bytes.
    """
    with zipfile.ZipFile(archive, "w") as opened:
        for name, content in sorted((Path(name).as_posix(), files[name]) for name in files):
            entry = zipfile.ZipInfo(name, DATE)
            entry.create_system = 3  # Unix, on Windows too
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            opened.writestr(entry, content.read_bytes() if isinstance(content, Path) else content)


def files_in(folder):
    """Return the files in a folder that belong to the book, in order; not what tools have left."""

    def belongs(path):
        parts = path.relative_to(folder).parts
        return not any(part.startswith(".") or part == "__pycache__" for part in parts)

    return [path for path in sorted(folder.rglob("*")) if path.is_file() and belongs(path)]
