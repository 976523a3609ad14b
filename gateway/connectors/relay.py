"""One plugin behind one pluggy manager of its own: no plugin ever sees another's partner."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pluggy

from gateway import NAME, hookspecs
from gateway.connectors import guards
from gateway.connectors.blame import blamed
from gateway.domain.partners import PartnerKind
from gateway.errors import HookMissing, PartnerFileError, PluginError, PluginFailed, RuleError

BANK_HOOKS = frozenset(
    {
        "render_batch",
        "read_acknowledgement",
        "read_decisions",
        "read_disbursements",
        "read_repayments",
        "read_subsidy_claim",
        "layouts",
    }
)
REGISTRY_HOOKS = frozenset({"render_inquiries", "read_credit_reports"})


class Relay:
    """The only caller of a plugin's hooks.

    :raises PluginFailed: the plugin is no plugin: an unknown hook, an argument the contract does
        not have, a wrapper, or hooks of a bank and of a registry together.
    """

    def __init__(self, name: str, module: ModuleType) -> None:
        self.name = name
        self._manager = pluggy.PluginManager(NAME)
        self._manager.add_hookspecs(hookspecs)
        try:
            self._manager.register(module, name)
            self._manager.check_pending()
        except pluggy.PluginValidationError as error:
            raise _no_plugin(name, str(error).splitlines()[-1].strip()) from None
        self.hooks = self._registered(module)
        self.kind = self._tell_kind()

    def _registered(self, module: ModuleType) -> frozenset[str]:
        callers = self._manager.get_hookcallers(module) or []
        for caller in callers:
            # pluggy takes an unknown name in silence when it is marked optional.
            if not caller.has_spec():
                raise _no_plugin(self.name, f"unknown hook {caller.name!r}")
            if any(impl.wrapper or impl.hookwrapper for impl in caller.get_hookimpls()):
                raise _no_plugin(self.name, f"{caller.name!r} is a wrapper and answers nothing")
        if not callers:
            raise _no_plugin(self.name, "it has no hook at all")
        return frozenset(caller.name for caller in callers)

    def _tell_kind(self) -> PartnerKind:
        if self.hooks & BANK_HOOKS and self.hooks & REGISTRY_HOOKS:
            raise _no_plugin(self.name, "one plugin speaks for a bank or for a registry, not both")
        return PartnerKind.REGISTRY if self.hooks & REGISTRY_HOOKS else PartnerKind.BANK

    def ask(self, hook: str, **arguments: object) -> Any:
        """Ask one hook; its answer has the type that the hook's annotation names.

        :raises HookMissing: the plugin has no such hook, or answers that it does not do that.
        :raises WrongAnswer: the answer is of another type.
        :raises PluginFailed: the plugin raised what is not ours.
        """
        if hook not in self.hooks:
            raise hook_missing(self.name, hook)
        with blamed(self.name, hook, ours=(PartnerFileError, RuleError)):
            answer = getattr(self._manager.hook, hook)(**arguments)
        if answer is None and not guards.may_be_none(hook):
            raise hook_missing(self.name, hook)
        guards.check_type(hook, answer)
        return answer


def hook_missing(name: str, hook: str) -> HookMissing:
    """The error for something a plugin does not do."""
    return HookMissing(
        f"The plugin {name!r} has neither a layout nor an answer for {hook}.",
        message_id=f"Plugin {name!r} tidak memiliki layout maupun jawaban untuk {hook}.",
        how_en="The plugin's developer must add it.",
        how_id="Pengembang plugin harus menambahkannya.",
    )


def _no_plugin(name: str, why: str) -> PluginError:
    return PluginFailed(
        f"{name!r} is not a plugin for this gateway: {why}.",
        message_id=f"{name!r} bukan plugin untuk gerbang ini: {why}.",
        how_en="The plugin's developer must mend it; other partners work on.",
        how_id="Pengembang plugin harus memperbaikinya; mitra lain tetap berjalan.",
        reason="PLUGIN_SHAPE",
    )
