"""The conformance suite, for pytest and without it.

A plugin's tests need a class and nothing more; each law of the contract is then a test::

    class TestBankContoh(BankConformance):
        plugin = gateway_bank_contoh
        partner = Partner(code="bank_contoh", name="Bank Contoh", bank_code="999")
        samples = Path(__file__).parent.parent / "samples"
        hooks = frozenset({"layouts"})

``gateway plugin check NAME`` runs the same laws on an installed plugin by
:func:`run_conformance`.  A law about hooks that are not stated is no test of that class; a
hook that is there without being stated breaks ``answers_what_it_says``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any, ClassVar

from gateway.connectors import Connector, LoadedPlugin, connect_plugin, load_plugin
from gateway.domain.partners import Partner, PartnerKind
from gateway.errors import GatewayError
from gateway.testing.case import Case, LawBroken, NotJudged
from gateway.testing.laws import LAWS
from gateway.testing.samples import find_reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class LawResult:
    """How a plugin stands to one law; ``detail`` says what it broke."""

    law: str
    passed: bool
    detail: str = ""


def run_conformance(
    plugin_name: str,
    partner: Partner,
    settings: Mapping[str, object],
    samples: Path | None = None,
) -> list[LawResult]:
    """Hold an installed plugin against every law that concerns it.

    :param samples: by default :func:`samples_folder` of the plugin's module.
    :raises PluginError: the plugin cannot be used at all.
    :raises ConfigError: the settings are not those of the plugin.
    """
    plugin = load_plugin(plugin_name)
    folder = samples or samples_folder(plugin.module, partner.code)
    return judge(make_case(plugin, partner, settings, folder))


def samples_folder(module: ModuleType, partner_code: str = "") -> Path:
    """Where a plugin keeps its samples: the folder ``samples`` beside its package.

    ``samples/<partner code>`` wins where it exists, for a plugin that serves many partners.
    """
    samples = Path(module.__file__ or "").resolve().parent.parent / "samples"
    own = samples / partner_code
    return own if partner_code and own.is_dir() else samples


def make_case(
    plugin: LoadedPlugin,
    partner: Partner,
    settings: Mapping[str, object],
    samples: Path,
    *,
    stated: frozenset[str] | None = None,
    reasons: Mapping[str, str] | None = None,
) -> Case:
    """Put a plugin on trial; written reasons in the samples' folder count too."""

    def fresh() -> Connector:
        return connect_plugin(partner, settings, plugin)

    return Case(
        connect=fresh,
        kind=fresh().kind,
        samples=samples,
        stated=stated,
        settings=settings,
        reasons={**find_reasons(samples), **(reasons or {})},
    )


def judge(case: Case) -> list[LawResult]:
    """Every law that concerns the plugin's hooks, in the order of the contract."""
    hooks = case.connect().hooks
    return [_judge_one(name, case) for name, law in LAWS.items() if law.concerns(hooks)]


def _judge_one(name: str, case: Case) -> LawResult:
    try:
        LAWS[name].check(case)
    except NotJudged as other:
        return LawResult(law=name, passed=True, detail=f"left to the law about {other}")
    except (LawBroken, GatewayError) as error:
        return LawResult(law=name, passed=False, detail=str(error))
    return LawResult(law=name, passed=True)


class _Conformance:
    """What a plugin's author fills in.

    :cvar plugin: the plugin's module.
    :cvar settings: the partner's raw ``[settings]``.
    :cvar hooks: every hook that the plugin has.
    :cvar no_sample_because: kind of file -> why there is no sample of it.
    """

    plugin: ClassVar[ModuleType]
    partner: ClassVar[Partner]
    samples: ClassVar[Path]
    hooks: ClassVar[frozenset[str]]
    settings: ClassVar[Mapping[str, object]] = MappingProxyType({})
    no_sample_because: ClassVar[Mapping[str, str]] = MappingProxyType({})
    kind: ClassVar[PartnerKind]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Leave out the laws that do not concern the stated hooks: none of them is skipped."""
        super().__init_subclass__(**kwargs)
        for name, law in LAWS.items():
            if "hooks" in cls.__dict__ and not law.concerns(cls.hooks):
                setattr(cls, f"test_{name}", None)

    def hold(self, law: str) -> None:
        """Hold the plugin against one law."""
        plugin = LoadedPlugin(name=self.plugin.__name__, module=self.plugin)
        case = make_case(
            plugin,
            self.partner,
            self.settings,
            self.samples,
            stated=self.hooks,
            reasons=self.no_sample_because,
        )
        result = _judge_one(law, case.expect(self.kind))
        assert result.passed, result.detail


def _test_of(law: str) -> Callable[[_Conformance], None]:
    def test(self: _Conformance) -> None:
        self.hold(law)

    test.__name__ = f"test_{law}"
    test.__doc__ = LAWS[law].check.__doc__
    return test


class BankConformance(_Conformance):
    """The laws for a bank's plugin; pytest finds one test for each."""

    kind = PartnerKind.BANK


class RegistryConformance(_Conformance):
    """The laws for a credit registry's plugin; pytest finds one test for each."""

    kind = PartnerKind.REGISTRY


for _name in LAWS:
    for _suite in (BankConformance, RegistryConformance):
        setattr(_suite, f"test_{_name}", _test_of(_name))
