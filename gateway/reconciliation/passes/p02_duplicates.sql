-- Pass 2: a bank reference names one row for ever; without one, content and occurrence do.
-- The same again is DUP_SAME (one counts), the same name with other content holds them all.
-- Of a carried row only the rest of its money is here: the row sent again may say more, not less.
-- A row whose reference an earlier month has already never counts, and takes no part in that
-- comparison: what came first keeps its money, be it carried here or spent long ago.
CREATE TABLE line AS
WITH identified AS (
    SELECT
        r.*,
        CASE
            WHEN r.bank_reference <> '' THEN 'ref:' || r.bank_reference
            ELSE 'sha:' || r.content || '#' || CAST(ROW_NUMBER() OVER (
                PARTITION BY r.bank_reference, r.file_sha256, r.content ORDER BY r.line, r.position
            ) AS VARCHAR)
        END AS identity
    FROM row_in AS r
),
compared AS (
    SELECT
        i.*,
        ROW_NUMBER() OVER (
            PARTITION BY i.identity
            ORDER BY
                i.sent_before <> '', i.carried DESC, i.file_name, i.file_sha256, i.line, i.content,
                i.position
        ) AS copy,
        COUNT(*) OVER every AS copies,
        MIN(i.core) OVER every <> MAX(i.core) OVER every AS core_differs,
        MIN(CASE WHEN NOT i.carried THEN i.amount_idr END) OVER every AS least_new,
        MAX(CASE WHEN NOT i.carried THEN i.amount_idr END) OVER every AS most_new,
        MIN(CASE WHEN i.carried THEN i.amount_idr END) OVER every AS least_carried,
        MAX(CASE WHEN i.carried THEN i.amount_idr END) OVER every AS most_carried
    FROM identified AS i
    WINDOW every AS (PARTITION BY i.identity, i.sent_before <> '')
),
judged AS (
    SELECT
        c.*,
        c.identity || '/' || CAST(c.copy AS VARCHAR) AS row_key,
        c.identity || '/1' AS first_key,
        CASE
            WHEN c.sent_before = 'SAME' THEN 'DUP_SAME'
            WHEN c.sent_before <> '' THEN 'DUP_CONFLICT'
            WHEN c.copies = 1 THEN NULL
            WHEN c.core_differs
                OR COALESCE(c.least_new <> c.most_new, FALSE)
                OR COALESCE(c.least_carried <> c.most_carried, FALSE)
                OR COALESCE(c.most_carried > c.least_new, FALSE) THEN 'DUP_CONFLICT'
            WHEN c.copy > 1 THEN 'DUP_SAME'
        END AS duplicate
    FROM compared AS c
)
SELECT
    j.position, j.row_key, j.first_key, j.duplicate,
    ROW_NUMBER() OVER (
        ORDER BY
            j.value_on, j.bank_reference, j.booked_on, j.type,
            j.number NULLS LAST, j.amount_idr, j.principal_idr NULLS LAST,
            j.interest_idr NULLS LAST, j.penalty_idr NULLS LAST, j.outstanding_idr NULLS LAST,
            j.original_reference, j.row_key
    ) AS turn,
    n.loan_reference, n.targets, n.wrong_account,
    j.file_sha256, j.file_name, j.line, j.bank_reference, j.value_on, j.loan_number,
    j.application_reference, j.number, j.amount_idr, j.principal_idr, j.interest_idr,
    j.outstanding_idr, j.type, j.original_reference, j.carried, j.twin,
    CASE WHEN j.type = 'R' THEN -j.amount_idr ELSE j.amount_idr END AS signed_idr,
    CASE
        -- Nothing of a held twin was set apart as penalty when it was first seen.
        WHEN j.carried AND NOT j.twin THEN 0
        ELSE GREATEST(0, LEAST(COALESCE(j.penalty_idr, 0), j.amount_idr))
    END AS penalty_idr
FROM judged AS j JOIN named AS n ON n.position = j.position;
