-- Pass 3: a reversal takes back exactly the row it names: same loan, not before it, not more than
-- what is left of it; several reversals of one row take turns.  Never paired by amount alone.
CREATE TABLE reversal AS
WITH RECURSIVE claim AS (
    SELECT
        v.row_key AS reversal_key, o.row_key AS original_key,
        v.amount_idr, v.penalty_idr, o.amount_idr AS original_idr,
        ROW_NUMBER() OVER (PARTITION BY o.row_key ORDER BY v.turn) AS place
    FROM line AS v JOIN line AS o ON o.bank_reference = v.original_reference
    WHERE v.type = 'R' AND v.duplicate IS NULL AND v.original_reference <> ''
        AND o.type <> 'R' AND o.duplicate IS NULL
        AND v.value_on >= o.value_on
        AND (
            v.loan_reference = o.loan_reference
            OR (
                v.loan_number = o.loan_number
                AND v.application_reference = o.application_reference
            )
        )
),
walk AS (
    SELECT
        c.original_key, c.place, c.reversal_key, c.penalty_idr,
        CASE WHEN c.amount_idr <= c.original_idr THEN c.amount_idr ELSE 0 END AS taken_idr,
        CASE WHEN c.amount_idr <= c.original_idr THEN c.amount_idr ELSE 0 END AS used_idr
    FROM claim AS c
    WHERE c.place = 1
    UNION ALL
    SELECT
        c.original_key, c.place, c.reversal_key, c.penalty_idr,
        CASE WHEN c.amount_idr <= c.original_idr - w.used_idr THEN c.amount_idr ELSE 0 END,
        w.used_idr
        + CASE WHEN c.amount_idr <= c.original_idr - w.used_idr THEN c.amount_idr ELSE 0 END
    FROM walk AS w JOIN claim AS c ON c.original_key = w.original_key AND c.place = w.place + 1
)
SELECT original_key, reversal_key, taken_idr, penalty_idr
FROM walk
WHERE taken_idr > 0;
