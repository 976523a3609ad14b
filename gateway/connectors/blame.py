"""The one place where whatever a plugin raises becomes the plugin's failure."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath

from gateway.errors import GatewayError, PluginFailed


@contextmanager
def blamed(
    plugin: str,
    doing: str,
    *,
    reason: str = "",
    ours: type[Exception] | tuple[type[Exception], ...] = GatewayError,
) -> Iterator[None]:
    """Run a plugin's code; its failure stops this partner's work and nobody else's.

    :param doing: a hook's name, or what the plugin was used for; the same in both languages.
    :param ours: errors that the code may raise, which pass through.
    :raises PluginFailed: for everything else.  Its text names the error's class and the line
        that raised it, never the error's own text, which may quote an applicant.
    """
    try:
        yield
    except ours:
        raise
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the border to foreign code
        where = _where_raised(error)
        raise PluginFailed(
            f"The plugin {plugin!r} failed in {doing}: {where}.",
            message_id=f"Plugin {plugin!r} gagal pada {doing}: {where}.",
            how_en="Nothing was taken over; the plugin's developer must mend it.",
            how_id="Tidak ada yang diambil; pengembang plugin harus memperbaikinya.",
            reason=reason,
        ) from None


def _where_raised(error: BaseException) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {PurePath(last.filename).name}:{last.lineno}"
