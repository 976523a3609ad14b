"""What a channel can meet, by name: the error to raise, in both languages, and how to mend it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from gateway.errors import ChannelError, ChannelRefused, ChannelTimeout, ChannelUncertain


class Reason(StrEnum):
    """The ``reason`` of every error that leaves a channel."""

    DEADLINE = "DEADLINE"
    UNREACHABLE = "UNREACHABLE"
    LINK_LOST = "LINK_LOST"
    ANSWER_UNREADABLE = "ANSWER_UNREADABLE"
    SERVER_FAILED = "SERVER_FAILED"
    WRITE_DIFFERS = "WRITE_DIFFERS"
    FILE_VANISHED = "FILE_VANISHED"
    FILE_CHANGED = "FILE_CHANGED"
    RENAME_ANSWER_LOST = "RENAME_ANSWER_LOST"
    HOST_KEY_MISSING = "HOST_KEY_MISSING"
    HOST_KEY_UNPINNED = "HOST_KEY_UNPINNED"
    CERTIFICATE_REFUSED = "CERTIFICATE_REFUSED"
    TLS_REQUIRED = "TLS_REQUIRED"
    ALGORITHMS_REFUSED = "ALGORITHMS_REFUSED"
    LOGIN_KEY_UNREADABLE = "LOGIN_KEY_UNREADABLE"
    LOGIN_REFUSED = "LOGIN_REFUSED"
    PERMISSION_DENIED = "PERMISSION_DENIED"
    FOLDER_MISSING = "FOLDER_MISSING"
    DISK_FULL = "DISK_FULL"
    NAME_TAKEN = "NAME_TAKEN"
    NAME_UNSAFE = "NAME_UNSAFE"
    TOKEN_GONE = "TOKEN_GONE"  # noqa: S105 -- a reason code, no secret
    FILE_TOO_LARGE = "FILE_TOO_LARGE"
    FILE_NOT_REGULAR = "FILE_NOT_REGULAR"


FILE_REASONS = frozenset(
    {
        Reason.FILE_VANISHED,
        Reason.FILE_CHANGED,
        Reason.FILE_TOO_LARGE,
        Reason.FILE_NOT_REGULAR,
        Reason.NAME_UNSAFE,
    }
)
"""These speak of one file in ``from_partner``; the rest of the channel goes on."""


class _Wording(NamedTuple):
    error: type[ChannelError]
    en: str
    id: str
    how_en: str
    how_id: str


_AGAIN_EN = "It is tried again at the next tick."
_AGAIN_ID = "Dicoba lagi pada jadwal berikutnya."
_PARTNER_EN = "Ask the partner's IT to mend it."
_PARTNER_ID = "Minta TI mitra memperbaikinya."

_WORDINGS: dict[Reason, _Wording] = {
    Reason.DEADLINE: _Wording(
        ChannelTimeout,
        "the partner did not answer in time.",
        "mitra tidak menjawab tepat waktu.",
        _AGAIN_EN,
        _AGAIN_ID,
    ),
    Reason.UNREACHABLE: _Wording(
        ChannelError,
        "the address cannot be reached.",
        "alamat tidak dapat dihubungi.",
        f"Check host, port and firewall. {_AGAIN_EN}",
        f"Periksa host, port dan firewall. {_AGAIN_ID}",
    ),
    Reason.LINK_LOST: _Wording(
        ChannelError,
        "the connection broke.",
        "sambungan terputus.",
        _AGAIN_EN,
        _AGAIN_ID,
    ),
    Reason.ANSWER_UNREADABLE: _Wording(
        ChannelError,
        "the partner's server answered outside the protocol.",
        "server mitra menjawab di luar protokol.",
        _PARTNER_EN,
        _PARTNER_ID,
    ),
    Reason.SERVER_FAILED: _Wording(
        ChannelError,
        "the partner's server reported a failure of its own.",
        "server mitra melaporkan kegagalan di pihaknya.",
        _AGAIN_EN,
        _AGAIN_ID,
    ),
    Reason.WRITE_DIFFERS: _Wording(
        ChannelError,
        "what was read back is not what was written.",
        "yang dibaca kembali tidak sama dengan yang ditulis.",
        f"Nothing was visible to the partner. {_AGAIN_EN}",
        f"Tidak ada yang terlihat oleh mitra. {_AGAIN_ID}",
    ),
    Reason.FILE_VANISHED: _Wording(
        ChannelError,
        "the file is no longer there.",
        "berkas sudah tidak ada.",
        _AGAIN_EN,
        _AGAIN_ID,
    ),
    Reason.FILE_CHANGED: _Wording(
        ChannelError,
        "the file changed while it was read.",
        "berkas berubah ketika dibaca.",
        _AGAIN_EN,
        _AGAIN_ID,
    ),
    Reason.RENAME_ANSWER_LOST: _Wording(
        ChannelUncertain,
        "it is not known whether the file was published.",
        "tidak diketahui apakah berkas sudah terbit.",
        "Wait for the partner's receipt, or ask the partner; two persons release it.",
        "Tunggu tanda terima mitra, atau tanyakan kepada mitra; dua petugas melepasnya.",
    ),
    Reason.HOST_KEY_MISSING: _Wording(
        ChannelRefused,
        "no readable host key is pinned for this partner.",
        "belum ada kunci host yang terbaca untuk mitra ini.",
        "Ask the partner for its public host key and put it under host_keys.",
        "Minta kunci host publik kepada mitra lalu tulis pada host_keys.",
    ),
    Reason.HOST_KEY_UNPINNED: _Wording(
        ChannelRefused,
        "the server showed a host key that is not pinned; no login was tried.",
        "server menunjukkan kunci host yang tidak terdaftar; tidak ada upaya masuk.",
        "Ask the partner by telephone whether its key changed; two persons enter a new one.",
        "Tanyakan lewat telepon apakah kunci mitra berganti; dua petugas mendaftarkan yang baru.",
    ),
    Reason.CERTIFICATE_REFUSED: _Wording(
        ChannelRefused,
        "the server's TLS certificate is not one that this partner's CA file vouches for.",
        "sertifikat TLS server tidak dijamin oleh berkas CA mitra ini.",
        "Check ca_file, host name and validity; ask the partner whether its certificate changed.",
        "Periksa ca_file, nama host dan masa berlaku; tanyakan apakah sertifikat mitra berganti.",
    ),
    Reason.TLS_REQUIRED: _Wording(
        ChannelRefused,
        "the address is not https.",
        "alamat bukan https.",
        "Write an https:// address; the channel needs TLS with both certificates.",
        "Tulis alamat https://; kanal ini memerlukan TLS dengan kedua sertifikat.",
    ),
    Reason.ALGORITHMS_REFUSED: _Wording(
        ChannelRefused,
        "the server offers no algorithm that is still considered safe.",
        "server tidak menawarkan algoritma yang masih dianggap aman.",
        "Ask the partner to offer AES-GCM or AES-CTR, SHA-2 and a current key exchange.",
        "Minta mitra menawarkan AES-GCM atau AES-CTR, SHA-2 dan pertukaran kunci masa kini.",
    ),
    Reason.LOGIN_KEY_UNREADABLE: _Wording(
        ChannelRefused,
        "our own key or certificate for this partner cannot be read.",
        "kunci atau sertifikat kita untuk mitra ini tidak dapat dibaca.",
        "Check the key files of this partner; make new ones with `gateway keys new`.",
        "Periksa berkas kunci mitra ini; buat yang baru dengan `gateway keys new`.",
    ),
    Reason.LOGIN_REFUSED: _Wording(
        ChannelRefused,
        "the partner's server did not let us in.",
        "server mitra tidak mengizinkan kita masuk.",
        "Ask the partner to register our public key or certificate (`gateway keys export`).",
        "Minta mitra mendaftarkan kunci publik atau sertifikat kita (`gateway keys export`).",
    ),
    Reason.PERMISSION_DENIED: _Wording(
        ChannelRefused,
        "the partner's server does not permit this in its folder.",
        "server mitra tidak mengizinkan ini di foldernya.",
        "Ask the partner to permit create, read, rename and delete in both folders.",
        "Minta mitra mengizinkan buat, baca, ganti nama dan hapus pada kedua folder.",
    ),
    Reason.FOLDER_MISSING: _Wording(
        ChannelRefused,
        "the agreed folder does not exist.",
        "folder yang disepakati tidak ada.",
        "Check to_partner and from_partner, or ask the partner to create the folder.",
        "Periksa to_partner dan from_partner, atau minta mitra membuat foldernya.",
    ),
    Reason.DISK_FULL: _Wording(
        ChannelRefused,
        "the partner's disk is full.",
        "penyimpanan mitra penuh.",
        "Ask the partner to make room; nothing was published.",
        "Minta mitra menyediakan ruang; tidak ada yang terbit.",
    ),
    Reason.NAME_TAKEN: _Wording(
        ChannelRefused,
        "another file with this name is already there; it was left untouched.",
        "berkas lain dengan nama ini sudah ada; berkas itu tidak diubah.",
        "Ask the partner where that file comes from before anything is sent again.",
        "Tanyakan asal berkas itu kepada mitra sebelum mengirim lagi.",
    ),
    Reason.NAME_UNSAFE: _Wording(
        ChannelRefused,
        "the file name is not one to 120 of A-Z a-z 0-9 _ . -",
        "nama berkas bukan satu sampai 120 dari A-Z a-z 0-9 _ . -",
        "Ask the partner to send the file under an agreed name.",
        "Minta mitra mengirim berkas dengan nama yang disepakati.",
    ),
    Reason.TOKEN_GONE: _Wording(
        ChannelRefused,
        "the prepared file is gone: it was published before, or the partner removed it.",
        "berkas yang disiapkan sudah tidak ada: sudah terbit, atau dihapus mitra.",
        "The partner's receipt tells which; it is not sent again by itself.",
        "Tanda terima mitra yang menentukan; tidak dikirim ulang dengan sendirinya.",
    ),
    Reason.FILE_TOO_LARGE: _Wording(
        ChannelRefused,
        "the file is larger than the limit.",
        "berkas melebihi batas ukuran.",
        "Split the file, or raise the limit on the side that refused it.",
        "Pecah berkasnya, atau naikkan batas pada pihak yang menolaknya.",
    ),
    Reason.FILE_NOT_REGULAR: _Wording(
        ChannelRefused,
        "it is a link, a folder or a device, not a file.",
        "itu tautan, folder atau perangkat, bukan berkas.",
        "Ask the partner to put a plain file there.",
        "Minta mitra menaruh berkas biasa.",
    ),
}


def channel_error(reason: Reason, where: str) -> ChannelError:
    """The error for ``reason``, to be raised by the caller.

    :param where: the channel, as :meth:`gateway.channels.Channel.describe` says it.
    """
    wording = _WORDINGS[reason]
    return wording.error(
        f"{where}: {wording.en}",
        message_id=f"{where}: {wording.id}",
        how_en=wording.how_en,
        how_id=wording.how_id,
        reason=reason,
    )
