"""What is peculiar to iDeb files and inquiry files."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gateway.connectors import Connector, connect
from gateway.domain.credit import CreditInquiry, CreditReport
from gateway.domain.files import FileIdentity, FileKind, InboundFile
from gateway.domain.partners import Partner
from gateway.domain.screening import combine_parts
from gateway.errors import ConfigError, FileUnreadable, RuleError

SAMPLES = Path(__file__).parent.parent / "samples"
SLIK = Partner(code="slik", name="SLIK", bank_code="115")
NIK = "1571995205850003"
IDENTITY = FileIdentity(kind=FileKind.IDEB)

Edit = Callable[[dict[str, Any]], None]


def sample(number: int, part: int = 1) -> bytes:
    return (
        SAMPLES / f"115.157100.IDEB.20261122.HARKAT-20261122-{number:06}.{part}.txt"
    ).read_bytes()


def connector(**settings: object) -> Connector:
    return connect(SLIK, settings, "ojk_slik")


def read(content: bytes, **settings: object) -> CreditReport:
    file = InboundFile(name="jawaban.txt", content=content, identity=IDENTITY)
    (report,) = connector(**settings).read_credit_reports(file).value
    return report


def edited(edit: Edit, number: int = 17) -> bytes:
    whole = copy.deepcopy(json.loads(sample(number).decode("utf-8")))
    edit(whole)
    return json.dumps(whole).encode()


def loans(whole: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = whole["individual"]["fasilitas"]["kreditPembiayan"]
    return found


def refusal(content: bytes) -> str:
    with pytest.raises(FileUnreadable) as caught:
        read(content)
    assert NIK not in str(caught.value) + caught.value.text("id") + caught.value.text("en")
    return caught.value.reason


def test_the_sample_with_arrears_reduces_to_the_worked_figures() -> None:
    report = read(sample(17))
    assert (report.active_facilities, report.active_outstanding_idr) == (1, 3_250_000)
    assert report.arrears_idr == 2_482_500
    assert (report.worst_now, report.worst_active) == (5, 3)
    assert (report.worst_24_months, report.worst_24_months_period) == (5, "202603")
    assert (report.written_off, report.online_loan) == (True, True)
    assert report.online_loan_arrears_idr == 1_020_000
    assert report.warnings == ()


def test_the_numbering_of_the_months_does_not_matter() -> None:
    ours, theirs = read(sample(17)), read(sample(18))
    assert ours.worst_24_months_period == theirs.worst_24_months_period == "202603"
    assert ours.worst_24_months == theirs.worst_24_months


def test_no_data_is_no_history_and_not_a_good_one() -> None:
    report = read(sample(19))
    assert report.worst_now is report.worst_active is report.worst_24_months is None
    assert report.data_period == "202610"


def test_two_parts_together_say_what_one_file_says() -> None:
    first, second = read(sample(20, 1)), read(sample(20, 2))
    assert combine_parts([first]) is None
    whole = combine_parts([second, first])
    assert whole is not None
    assert (whole.arrears_idr, whole.worst_now, whole.worst_24_months) == (2_482_500, 5, 5)
    assert whole.worst_24_months_period == "202603"


def test_the_older_generation_is_read_by_its_own_names() -> None:
    report = read(sample(21))
    assert (report.worst_active, report.arrears_idr) == (3, 1_462_500)
    assert report.warnings == ()


def test_bytes_that_are_not_utf_8_and_control_characters_are_read() -> None:
    assert read(sample(22)).worst_active == 1
    assert read(sample(17).replace(b"SITI", b"S\x81\xc9\x01")).worst_active == 3
    assert read(b"\xef\xbb\xbf" + sample(17)).worst_active == 3


def test_a_settled_loan_is_ignored_but_for_its_history() -> None:
    report = read(sample(22))
    assert (report.active_facilities, report.arrears_idr, report.worst_now) == (1, 0, 1)
    assert (report.worst_24_months, report.worst_24_months_period) == (2, "202512")


@pytest.mark.parametrize("empty", ["", None, "   "])
def test_any_field_may_be_empty(empty: str | None) -> None:
    def edit(whole: dict[str, Any]) -> None:
        for name in ("denda", "tanggalMacet", "nilaiProyek", "jumlahHariTunggakan"):
            loans(whole)[0][name] = empty

    report = read(edited(edit))
    assert report.arrears_idr == 2_482_500 - 25_000
    assert report.days_overdue == 150


@pytest.mark.parametrize("amount", [3_250_000, "3250000", "3250000.00", 3_250_000.0])
def test_amounts_come_as_text_or_number(amount: object) -> None:
    def edit(whole: dict[str, Any]) -> None:
        loans(whole)[0]["bakiDebet"] = amount
        loans(whole)[0]["kualitas"] = 3
        loans(whole)[0]["kondisi"] = 0

    report = read(edited(edit))
    assert (report.active_outstanding_idr, report.worst_active) == (3_250_000, 3)


@pytest.mark.parametrize(
    "amount", ["-1", "1.250.000", "3250000.50", "1e6", "３２５", True, [], "9" * 16]
)
def test_an_amount_that_could_mean_two_things_is_refused(amount: object) -> None:
    def edit(whole: dict[str, Any]) -> None:
        loans(whole)[0]["bakiDebet"] = amount

    assert refusal(edited(edit)) in {"SLIK_AMOUNT", "SLIK_SHAPE"}


@pytest.mark.parametrize("grade", ["0", "6", "Macet", "１"])
def test_a_grade_is_one_to_five(grade: str) -> None:
    def edit(whole: dict[str, Any]) -> None:
        loans(whole)[0]["kualitas"] = grade

    assert refusal(edited(edit)) == "SLIK_GRADE"


@pytest.mark.parametrize("key", ["krediturBPR/S", "krediturBPR", "krediturBPRS"])
def test_lenders_without_a_facility_are_a_file_we_cannot_read(key: str) -> None:
    def edit(whole: dict[str, Any]) -> None:
        summary = whole["individual"]["ringkasanFasilitas"]
        del summary["krediturBPR/S"]
        summary.update({key: "1", "krediturLainnya": "0", "bakiDebetTotal": "0"})
        whole["individual"]["fasilitas"]["kreditPembiayan"] = []

    assert refusal(edited(edit)) == "SLIK_SUMMARY"


def test_a_summary_that_disagrees_is_only_a_warning() -> None:
    def edit(whole: dict[str, Any]) -> None:
        whole["individual"]["ringkasanFasilitas"]["bakiDebetTotal"] = "1"

    assert read(edited(edit)).warnings == ("OUTSTANDING_DIFFERS",)


@pytest.mark.parametrize("code", ["03", "04", "3"])
def test_written_off_is_owed_until_nothing_is_left(code: str) -> None:
    def left(whole: dict[str, Any]) -> None:
        loans(whole)[0].update(kondisi=code, bakiDebet="3250000")

    def paid(whole: dict[str, Any]) -> None:
        nothing = dict.fromkeys(("bakiDebet", "tunggakanPokok", "tunggakanBunga", "denda"), "0")
        loans(whole)[0].update(nothing, kondisi=code)

    assert read(edited(left)).written_off_idr == 3_250_000 + 187_500 + 25_000
    report = read(edited(paid))
    assert (report.written_off_idr, report.active_facilities) == (0, 0)
    assert report.arrears_idr == 1_020_000

    def paid_alone(whole: dict[str, Any]) -> None:
        paid(whole)
        loans(whole).pop()

    alone = read(edited(paid_alone))
    assert (alone.written_off, alone.worst_now) == (False, None)


@pytest.mark.parametrize("code", ["02", "05", "06", "12", "17", "01", "07", "16"])
def test_settled_and_moved_loans_owe_nothing(code: str) -> None:
    def edit(whole: dict[str, Any]) -> None:
        loans(whole)[0]["kondisi"] = code

    report = read(edited(edit))
    assert (report.active_facilities, report.arrears_idr) == (0, 1_020_000)


def test_the_condition_is_told_by_its_text_only_where_the_code_is_missing() -> None:
    def by_text(whole: dict[str, Any]) -> None:
        loans(whole)[0].update(kondisi="", kondisiKet="LUNAS")

    def against_text(whole: dict[str, Any]) -> None:
        loans(whole)[0].update(kondisi="00", kondisiKet="LUNAS")

    assert read(edited(by_text)).active_facilities == 0
    assert read(edited(against_text)).active_facilities == 1


def test_an_unknown_condition_counts_as_running() -> None:
    def edit(whole: dict[str, Any]) -> None:
        loans(whole)[0]["kondisi"] = "99"

    report = read(edited(edit))
    assert report.active_facilities == 1
    assert report.warnings == ("UNKNOWN_CONDITION",)


def test_history_older_than_24_months_does_not_count() -> None:
    def edit(whole: dict[str, Any]) -> None:
        del loans(whole)[1]
        loans(whole)[0].update(tahunBulan01="202410", tahunBulan01Kol="5")

    report = read(edited(edit))
    assert (report.worst_24_months, report.worst_24_months_period) == (3, "202610")


def test_days_never_change_a_lenders_grade() -> None:
    def edit(whole: dict[str, Any]) -> None:
        loans(whole)[0].update(kualitas="1", jumlahHariTunggakan="25")

    assert read(edited(edit)).worst_active == 1


def test_online_loans_are_told_by_their_kind() -> None:
    def edit(whole: dict[str, Any]) -> None:
        loans(whole)[1]["jenisKreditPembiayaan"] = "P10"

    report = read(edited(edit))
    assert (report.online_loan, report.online_loan_arrears_idr) == (False, 0)
    assert report.written_off_idr == 1_020_000


def test_another_person_anywhere_refuses_the_file() -> None:
    def second_row(whole: dict[str, Any]) -> None:
        rows = whole["individual"]["dataPokokDebitur"]
        rows.append({**rows[0], "noIdentitas": "1571992702900004"})

    def no_search(whole: dict[str, Any]) -> None:
        whole["individual"]["parameterPencarian"]["noIdentitas"] = ""

    assert refusal(sample(24)) == "SLIK_WRONG_PERSON"
    assert refusal(edited(second_row)) == "SLIK_WRONG_PERSON"
    assert refusal(edited(no_search)) == "SLIK_WRONG_PERSON"


def test_a_company_is_refused_by_name() -> None:
    with pytest.raises(FileUnreadable, match="company"):
        read(sample(23))


@pytest.mark.parametrize(
    ("number", "total", "expected"), [("1", "", (1, 1)), (None, None, (1, 1)), (2, "3", (2, 3))]
)
def test_part_numbers_may_be_missing(
    number: object, total: object, expected: tuple[int, int]
) -> None:
    def edit(whole: dict[str, Any]) -> None:
        whole["header"].update(nomorBagian=number, totalBagian=total)

    report = read(edited(edit))
    assert (report.part, report.parts) == expected


@pytest.mark.parametrize(("number", "total"), [("0", "1"), ("3", "2"), ("x", "2"), ("1", "-1")])
def test_part_numbers_that_do_not_fit_are_refused(number: str, total: str) -> None:
    def edit(whole: dict[str, Any]) -> None:
        whole["header"].update(nomorBagian=number, totalBagian=total)

    assert refusal(edited(edit)) == "SLIK_PARTS"


def test_repeated_keys_constants_and_depth_are_refused() -> None:
    twice = sample(17).replace(b'"kualitas":"3"', b'"kualitas":"3","kualitas":"1"')
    nan = sample(17).replace(b'"sukuBungaImbalan":"18.00"', b'"sukuBungaImbalan":NaN')
    deep = b'{"header":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    assert [refusal(content) for content in (twice, nan, deep)] == ["SLIK_JSON"] * 3


def test_a_missing_part_of_the_envelope_is_refused() -> None:
    for name in ("fasilitas", "ringkasanFasilitas", "parameterPencarian"):

        def edit(whole: dict[str, Any], name: str = name) -> None:
            del whole["individual"][name]

        assert refusal(edited(edit)) == "SLIK_SHAPE"
    assert refusal(b'{"header":{}}') == "SLIK_SHAPE"


def test_an_answer_without_our_reference_is_refused() -> None:
    def edit(whole: dict[str, Any]) -> None:
        whole["header"]["kodeReferensiPengguna"] = ""

    assert refusal(edited(edit)) == "SLIK_REFERENCE"


def test_nothing_of_the_file_is_kept_that_advice_does_not_need() -> None:
    words = str(read(sample(17)))
    for secret in ("SITI", "JL CONTOH", "BPR CONTOH", "0012500123", "PINDAR", NIK, "petugas"):
        assert secret not in words


def test_a_file_is_known_by_its_head_and_never_by_its_name() -> None:
    asked = connector()
    assert asked.identify(f"NIK_{NIK}.txt", b"halo") is None
    found = asked.identify("x.txt", sample(17))
    assert found == FileIdentity(kind=FileKind.IDEB, dated_on=date(2026, 11, 22))
    assert asked.identify("x.txt", b'{"individual": {"nomorLaporan": "') is not None


def inquiry(**changes: Any) -> CreditInquiry:
    values: dict[str, Any] = {
        "reference": "HARKAT-20261122-000017",
        "national_id": NIK,
        "name": "SITI CONTOH",
        "sex": "P",
        "born_on": date(1985, 5, 12),
        "birthplace": "JAMBI",
    }
    return CreditInquiry(**{**values, **changes})


def test_the_inquiry_file_is_the_agreed_one() -> None:
    (file,) = connector().render_inquiries("HARKAT-20261122-01", "20261122", [inquiry()])
    assert file.name == "0101.000115.2026.11.IDEB.2026112201.txt"
    assert file.content.decode() == (
        "H|0101|000115|20261122|IDEB|1|HARKAT-20261122-01\n"
        "D|1|I|HARKAT-20261122-000017|01|1|1571995205850003||SITI CONTOH|P|JAMBI|19850512\n"
    )


def test_the_banks_own_codes_and_columns_are_settings() -> None:
    asked = connector(
        reporter_type="0103",
        reporter_code="600999",
        purpose_code="07",
        columns=["D", "noIdentitas", "kodeReferensiPengguna", "kodeTujuanPermintaan"],
        newline="crlf",
    )
    (file,) = asked.render_inquiries("KJ-slik-permintaan-000012", "20260803", [inquiry()])
    assert file.name == "0103.600999.2026.08.IDEB.000012.txt"
    assert file.content.endswith(b"\r\nD|1571995205850003|HARKAT-20261122-000017|07\r\n")


def test_a_batch_reference_without_a_usable_number_still_gives_a_safe_name() -> None:
    (file,) = connector().render_inquiries("../KLP A", "20260803", [inquiry()])
    assert file.name == "0101.000115.2026.08.IDEB.KLP-A.txt"


@pytest.mark.parametrize("name", ["SITI | CONTOH", "SITI\nCONTOH"])
def test_a_separator_inside_a_field_is_refused(name: str) -> None:
    with pytest.raises(RuleError):
        connector().render_inquiries("B-1", "20260803", [inquiry(name=name)])


def test_wrong_settings_are_refused() -> None:
    with pytest.raises(ConfigError):
        connector(columns=["nama_ibu"])
    with pytest.raises(ConfigError):
        connector(history_months="24")
