"""The laws of the contract, by name; ``gateway.hookspecs`` says which hook owes which."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gateway.testing.case import Case
from gateway.testing.laws import reading, shape, writing

WRITES_BATCH = frozenset({"layouts", "render_batch"})
WRITES = WRITES_BATCH | {"render_inquiries"}
READS = frozenset(
    {
        "layouts",
        "read_acknowledgement",
        "read_decisions",
        "read_disbursements",
        "read_repayments",
        "read_subsidy_claim",
        "read_credit_reports",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """One promise: a function that raises :class:`~gateway.testing.case.LawBroken`.

    :param hooks: it concerns a plugin with any of these; empty means every plugin.
    """

    check: Callable[[Case], None]
    hooks: frozenset[str] = frozenset()

    def concerns(self, hooks: frozenset[str]) -> bool:
        """Whether a plugin with these hooks owes this law."""
        return not self.hooks or bool(self.hooks & hooks)


def _law(check: Callable[[Case], None], *hooks: str) -> tuple[str, Law]:
    return check.__name__, Law(check=check, hooks=frozenset(hooks))


LAWS: Mapping[str, Law] = dict(
    (
        _law(shape.answers_what_it_says),
        _law(shape.schema_refuses_unknown_keys, "settings_schema"),
        _law(shape.every_kind_has_a_sample),
        _law(shape.hooks_touch_nothing),
        _law(shape.layout_round_trips, "layouts"),
        _law(shape.layouts_carry_totals, "layouts"),
        _law(writing.same_batch_same_bytes, *WRITES),
        _law(writing.every_application_is_in_the_file, *WRITES_BATCH),
        _law(writing.every_inquiry_is_in_the_file, "render_inquiries"),
        _law(writing.totals_are_carried, *WRITES_BATCH),
        _law(writing.names_are_safe, *WRITES),
        _law(reading.every_sample_is_identified, "layouts", "identify_file"),
        _law(reading.strangers_are_not_identified, "layouts", "identify_file"),
        _law(reading.samples_read_as_expected, *READS),
        _law(reading.cut_file_is_unreadable, *READS),
        _law(reading.declines_have_reasons, "layouts", "read_decisions"),
        _law(
            reading.collectability_is_1_to_5_or_none,
            "layouts",
            "read_credit_reports",
            "read_repayments",
            "read_subsidy_claim",
        ),
        _law(reading.totals_are_as_stated, "layouts", "read_repayments", "read_subsidy_claim"),
    )
)
