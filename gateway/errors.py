"""What can stop the work: one tree, each class with a code, an owner and a retry answer.

Business surprises (a declined credit, a mismatch, a refused row) are values, not errors.
Every error speaks Indonesian and English and says how to mend it.  No message may carry a
NIK, a name, a phone number or a bank account number.
"""

from __future__ import annotations

from typing import ClassVar, Literal

Owner = Literal["city IT", "partner", "staff", "developer"]


class GatewayError(Exception):
    """Base of all errors of the gateway.

    :param message_en: one sentence in English.
    :param message_id: the same sentence in Indonesian.
    :param how: how to mend it, in both languages ("id / en"); may be empty.
    :param code: a code finer than the class's own, such as ``F_CONTROL``.
    """

    code: ClassVar[str] = "gateway"
    owner: ClassVar[Owner] = "developer"
    retryable: ClassVar[bool] = False

    def __init__(
        self,
        message_en: str,
        *,
        message_id: str,
        how_en: str = "",
        how_id: str = "",
        reason: str = "",
    ) -> None:
        super().__init__(message_en)
        self.message_en = message_en
        self.message_id = message_id
        self.how_en = how_en
        self.how_id = how_id
        self.reason = reason or self.code

    def text(self, lang: str) -> str:
        """The message in ``lang`` (``"id"`` or ``"en"``) with how to mend it."""
        message, how = (
            (self.message_id, self.how_id) if lang == "id" else (self.message_en, self.how_en)
        )
        stop = "" if not how or message.rstrip().endswith((".", "!", "?", ":")) else "."
        return f"{message}{stop} {how}".strip()


class ConfigError(GatewayError):
    """The configuration is wrong; carries every problem, not the first."""

    code = "config"
    owner: ClassVar[Owner] = "city IT"

    def __init__(self, problems: list[str]) -> None:
        listed = "\n".join(problems)
        super().__init__(
            f"The configuration has {len(problems)} problem(s):\n{listed}",
            message_id=f"Konfigurasi memiliki {len(problems)} masalah:\n{listed}",
        )
        self.problems = problems


class PluginError(GatewayError):
    """A plugin cannot be used."""

    code = "plugin"


class PluginMissing(PluginError):
    """No installed distribution offers the plugin that a partner names."""

    code = "plugin_missing"
    owner: ClassVar[Owner] = "city IT"


class HookMissing(PluginError):
    """The plugin lacks a hook that its kind of partner must answer."""

    code = "hook_missing"


class PluginFailed(PluginError):
    """The plugin raised something that is not ours."""

    code = "plugin_failed"


class WrongAnswer(PluginError):
    """The plugin answered with another type or with other money than it was given."""

    code = "wrong_answer"


class PartnerFileError(GatewayError):
    """A partner's file cannot be used as it is."""

    code = "file"
    owner: ClassVar[Owner] = "partner"

    def __init__(
        self,
        file_name: str,
        message_en: str,
        *,
        message_id: str,
        line: int | None = None,
        column: str | None = None,
        how_en: str = "",
        how_id: str = "",
        reason: str = "",
    ) -> None:
        where_en = file_name + (f", line {line}" if line else "")
        where_id = file_name + (f", baris {line}" if line else "")
        if column:
            where_en, where_id = f"{where_en}, column {column}", f"{where_id}, kolom {column}"
        super().__init__(
            f"{where_en}: {message_en}",
            message_id=f"{where_id}: {message_id}",
            how_en=how_en or "Ask the partner to send the file again.",
            how_id=how_id or "Minta mitra mengirim ulang berkas.",
            reason=reason,
        )
        self.file_name, self.line, self.column = file_name, line, column


class FileUnreadable(PartnerFileError):
    """The file breaks the agreed format."""

    code = "file_unreadable"


class SignatureInvalid(PartnerFileError):
    """The signature does not prove that the partner sent these bytes."""

    code = "signature_invalid"


class TotalsDisagree(PartnerFileError):
    """The file's own control totals do not agree with its rows (``F_CONTROL``)."""

    code = "F_CONTROL"


class FileMisdirected(PartnerFileError):
    """The file speaks of something that was never this partner's."""

    code = "file_misdirected"


class ChannelError(GatewayError):
    """The way to the partner failed; tried again at the next tick."""

    code = "channel"
    owner: ClassVar[Owner] = "city IT"
    retryable = True


class ChannelTimeout(ChannelError):
    """The partner did not answer in time."""

    code = "channel_timeout"


class ChannelRefused(ChannelError):
    """Key, password, host key or permission refused: trying again would not help."""

    code = "channel_refused"
    retryable = False


class ChannelUncertain(ChannelError):
    """The answer was lost after the partner may have acted; never sent again by itself."""

    code = "channel_uncertain"
    retryable = False


class RuleError(GatewayError):
    """Staff asked for something that the rules do not allow."""

    code = "rule"
    owner: ClassVar[Owner] = "staff"


class IllegalTransition(RuleError):
    """A state machine has no such move."""

    code = "illegal_transition"


class LimitExceeded(RuleError):
    """A limit of the programme or of the gateway was passed."""

    code = "limit_exceeded"


class SamePersonTwice(RuleError):
    """Maker and checker are the same person."""

    code = "same_person_twice"


class AccessDenied(RuleError):
    """The user is unknown, or may not do this."""

    code = "access_denied"


class StoreError(GatewayError):
    """The state could not be read or written."""

    code = "store"


class StaleRecord(StoreError):
    """Somebody else was first; read again."""

    code = "stale_record"
    retryable = True


class IntegrityBroken(StoreError):
    """Audit chain, proof or stored bytes do not verify: stop and call a person."""

    code = "integrity"
    owner: ClassVar[Owner] = "city IT"
