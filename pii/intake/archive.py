"""The container of a workbook, read strictly and from bytes alone: nothing is extracted.

Accepted is what spreadsheet programs write: one directory at the very end, members that tile the
file without gap or overlap, local headers that say what the directory says, sizes that are true.
"""

import struct
import unicodedata
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

MAX_FILE = 8 << 20
MAX_PART = 8 << 20
MAX_TOTAL = 16 << 20
MAX_PARTS = 400
MAX_NAME = 255  # bytes; systems keep no more
MAX_PROVED = 2 << 20  # of the parts that nobody reads: pictures
MAX_RATIO = 400  # above 1 MiB only: a sheet of equal rows packs well

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_ENCRYPTED, _STREAMED, _UTF8, _STRONG, _MASKED = 0x0001, 0x0008, 0x0800, 0x0040, 0x2000
_STORED, _DEFLATED = 0, 8


class Refusal(Exception):  # noqa: N818 - an answer, not a failure
    """Why a file is not read: the rule it breaks, with the facts that fill its sentences."""

    def __init__(self, rule: str, **facts: str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.facts = facts


def _damaged(vi: str, en: str) -> Refusal:
    return Refusal("F109", why_vi=vi, why_en=en)


def _double(vi: str, en: str) -> Refusal:
    return Refusal("F110", why_vi=vi, why_en=en)


@dataclass(frozen=True, slots=True)
class Member:
    """A member as the directory describes it, and where it begins."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    start: int


def unpacked(data: bytes, is_read: Callable[[str], bool]) -> Mapping[str, bytes]:
    """Every member by name, inflated and proved; a `Refusal` for a container with two readings.

    is_read : whether a member of that name may be read. Of the others the smallest are proved, up
        to a total, so that no lie about a size stays hidden; what is beyond is left packed, and
        comes back as nothing: to inflate pictures takes longer than all the rest.
    """
    members = _directory(data)
    _refuse_names([member.name for member in members])
    _refuse_sizes(members)
    spans = _spans(data, members)
    left = _left(members, is_read)
    return {
        member.name: b"" if member.name in left else _inflated(data[begin:end], member)
        for member, (begin, end) in zip(members, spans, strict=True)
    }


def _left(members: Sequence[Member], is_read: Callable[[str], bool]) -> Collection[str]:
    unread = sorted((m for m in members if not is_read(m.name)), key=lambda member: member.size)
    totals = accumulate(member.size for member in unread)
    return {one.name for one, total in zip(unread, totals, strict=True) if total > MAX_PROVED}


def member_names(data: bytes) -> Sequence[str]:
    """The names in the directory, or none where there is no directory to be read."""
    try:
        return [member.name for member in _directory(data)]
    except Refusal:
        return []


def _directory(data: bytes) -> Sequence[Member]:
    at = len(data) - 22
    if at < 0 or data[at : at + 4] != _END:
        if data.rfind(_END) < 0:
            raise _damaged("thiếu phần cuối tệp", "its end is missing")
        raise _double("có dữ liệu thừa sau phần cuối tệp", "there are bytes after its end")
    disk, first, here, count, length, start, comment = struct.unpack_from("<4H2LH", data, at + 4)
    if disk or first or here != count or comment:
        raise _double("mục lục tự mâu thuẫn", "its directory contradicts itself")
    if 0xFFFF in (count, here) or 0xFFFFFFFF in (length, start):
        raise _double("dùng dạng zip64", "it uses the zip64 form")
    if count > MAX_PARTS:
        raise Refusal("F112", found_vi=f"{count} phần", found_en=f"{count} parts",
                      limit_vi=f"{MAX_PARTS} phần", limit_en=f"{MAX_PARTS} parts")  # fmt: skip
    if start + length != at:
        raise _double("mục lục không liền với cuối tệp", "its directory does not end the file")
    try:
        members = list(islice(_entries(data, start, at), count + 1))
    except struct.error:
        raise _damaged("mục lục bị cắt", "its directory is cut short") from None
    if len(members) != count:
        raise _double("mục lục đếm sai số phần", "its directory miscounts the parts")
    return members


def _entries(data: bytes, at: int, end: int) -> Iterator[Member]:
    while at < end:
        if data[at : at + 4] != _CENTRAL:
            raise _damaged("mục lục hỏng", "its directory is damaged")
        flags, method = struct.unpack_from("<2H", data, at + 8)
        crc, packed, size = struct.unpack_from("<3L", data, at + 16)
        name, extra, comment, disk = struct.unpack_from("<4H", data, at + 28)
        mode, start = struct.unpack_from("<2L", data, at + 38)
        raw = data[at + 46 : at + 46 + name]
        if disk or at + 46 + name + extra + comment > end:
            raise _damaged("mục lục hỏng", "its directory is damaged")
        if flags & (_ENCRYPTED | _STRONG | _MASKED):
            raise Refusal("F103")
        if method not in (_STORED, _DEFLATED):
            raise _double(f"cách nén {method} lạ", f"it packs with the odd method {method}")
        if mode >> 16 & 0o170000 == 0o120000:
            raise Refusal("F111", found=_shown(raw))
        yield Member(_name(raw, flags), flags, method, crc, packed, size, start)
        at += 46 + name + extra + comment


def _shown(raw: bytes) -> str:
    return ascii(raw[:80].decode("utf-8", "replace"))


def _name(raw: bytes, flags: int) -> str:
    if len(raw) > MAX_NAME:  # before it is normalised, which takes the square of its length
        raise Refusal("F111", found=_shown(raw))
    try:
        return raw.decode("utf-8" if flags & _UTF8 else "ascii")
    except UnicodeDecodeError:
        raise Refusal("F111", found=_shown(raw)) from None


def _refuse_names(names: Sequence[str]) -> None:
    """No path that leads out, and no two names that some system takes for one."""
    seen: set[str] = set()
    for name in names:
        steps = name.removesuffix("/").split("/")
        odd = any(c in '\\:*?"<>|' or unicodedata.category(c) in ("Cc", "Cf") for c in name)
        if odd or any(step in ("", ".", "..") for step in steps):
            raise Refusal("F111", found=ascii(name[:80]))
        bare = unicodedata.normalize("NFKC", name.removesuffix("/")).casefold()
        if bare in seen:
            raise _double(f"có hai phần cùng tên {name}", f"two parts are named {name}")
        seen.add(bare)


def _refuse_sizes(members: Sequence[Member]) -> None:
    for size, packed, limit, ratio in (
        *((m.size, m.packed, MAX_PART, MAX_RATIO) for m in members),
        (sum(m.size for m in members), 0, MAX_TOTAL, 0),
    ):
        if size > limit:
            raise _too_large(size, limit)
        if ratio and size > 1 << 20 and size > ratio * packed:
            raise _too_large(size, ratio * packed)


def _too_large(size: int, limit: int) -> Refusal:
    found, most = (f"{count / (1 << 20):.1f} MiB" for count in (size, limit))
    return Refusal("F112", found_vi=found.replace(".", ","), found_en=found,
                   limit_vi=most.replace(".", ","), limit_en=most)  # fmt: skip


def _spans(data: bytes, members: Sequence[Member]) -> Sequence[tuple[int, int]]:
    """Where the packed bytes of each member lie; together they must fill the file exactly."""
    end_of_all = struct.unpack_from("<L", data, len(data) - 6)[0]
    spans: dict[int, tuple[int, int]] = {}
    reached = 0
    for i, member in sorted(enumerate(members), key=lambda pair: pair[1].start):
        if member.start != reached:
            raise _double(
                "có byte ẩn hoặc các phần chồng lên nhau", "bytes are hidden or parts overlap"
            )
        begin = _begin(data, member)
        reached = begin + member.packed
        if member.flags & _STREAMED:
            reached += _descriptor(data, reached, member)
        if reached > end_of_all:
            raise _double("các phần chồng lên nhau", "parts overlap")
        spans[i] = begin, begin + member.packed
    if reached != end_of_all:
        raise _double("có byte ẩn trước mục lục", "bytes are hidden before its directory")
    return [spans[i] for i in range(len(members))]


def _begin(data: bytes, member: Member) -> int:
    """Where the packed bytes begin, once the local header is found to agree with the directory."""
    at = member.start
    try:
        flags, method = struct.unpack_from("<2H", data, at + 6)
        crc, packed, size = struct.unpack_from("<3L", data, at + 14)
        length, extra = struct.unpack_from("<2H", data, at + 26)
    except struct.error:
        raise _damaged(f"phần {member.name} bị cắt", f"{member.name} is cut short") from None
    if data[at : at + 4] != _LOCAL:
        raise _damaged(f"phần {member.name} hỏng", f"{member.name} is damaged")
    said = _name(data[at + 30 : at + 30 + length], flags)
    sizes = (crc, packed, size)
    late = bool(member.flags & _STREAMED) and sizes[:2] == (0, 0)  # said after the bytes
    if (said, flags, method) != (member.name, member.flags, member.method) or not (
        late or sizes == (member.crc, member.packed, member.size)
    ):
        raise _double(
            f"phần {member.name} khác với mục lục", f"{member.name} contradicts the directory"
        )
    return at + 30 + int(length) + int(extra)


def _descriptor(data: bytes, at: int, member: Member) -> int:
    """Length of the record after a streamed member; it must repeat the directory."""
    expected = member.crc, member.packed, member.size
    for mark in (b"PK\x07\x08", b""):
        record = mark + struct.pack("<3L", *expected)
        if data[at : at + len(record)] == record:
            return len(record)
    raise _double(
        f"phần {member.name} khác với mục lục", f"{member.name} contradicts the directory"
    )


def _inflated(packed: bytes, member: Member) -> bytes:
    """The bytes of a member, counted while they come: never more than the directory promises."""
    if member.method == _STORED:
        if member.packed != member.size:
            raise Refusal("F113", part=member.name)
        content = packed
    else:
        inflate = zlib.decompressobj(-15)
        try:
            content = inflate.decompress(packed, member.size + 1)
        except zlib.error:
            raise _damaged(f"phần {member.name} hỏng", f"{member.name} is damaged") from None
        if len(content) > member.size:
            raise Refusal("F113", part=member.name)
        _refuse_more(inflate, member)
    if len(content) != member.size:
        raise Refusal("F113", part=member.name)
    if zlib.crc32(content) != member.crc:
        raise _damaged(f"phần {member.name} sai mã kiểm tra", f"{member.name} fails its checksum")
    return content


def _refuse_more(inflate: "zlib._Decompress", member: Member) -> None:
    """After the promised bytes: an end mark may still wait, but nothing else."""
    try:
        more = inflate.decompress(inflate.unconsumed_tail, 1) if not inflate.eof else b""
    except zlib.error:
        more = b"?"
    if more or not inflate.eof or inflate.unused_data:
        raise _damaged(f"phần {member.name} hỏng", f"{member.name} is damaged")
