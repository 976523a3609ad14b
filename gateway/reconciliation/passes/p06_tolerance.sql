-- Pass 6: small differences on an untouched item are written to ROUNDING, up to a cap per loan:
-- first rows that state the instalment, then the loan's oldest items against its rows in turn,
-- for as long as every pair so far was near enough.  Equal pairs were matched before.
INSERT INTO near
WITH pair AS (
    SELECT
        i.loan_reference, i.number, m.row_key, m.turn, i.rest_idr AS item_idr,
        m.rest_idr AS row_idr,
        ROW_NUMBER() OVER (PARTITION BY i.loan_reference, i.number ORDER BY m.turn) AS place
    FROM open_money AS m
    JOIN open_item AS i ON i.loan_reference = m.loan_reference AND i.number = m.number
    CROSS JOIN rule AS u
    WHERE NOT m.closing AND m.rest_idr > 0 AND i.rest_idr = i.amount_idr
        AND ABS(i.rest_idr - m.rest_idr) <= u.tolerance_idr
),
summed AS (
    SELECT
        p.*,
        SUM(ABS(p.item_idr - p.row_idr)) OVER (
            PARTITION BY p.loan_reference ORDER BY p.turn ROWS UNBOUNDED PRECEDING
        ) AS total_idr
    FROM pair AS p
    WHERE p.place = 1
)
SELECT s.loan_reference, s.number, s.row_key, s.item_idr, s.row_idr
FROM summed AS s CROSS JOIN rule AS u
WHERE s.total_idr <= u.tolerance_cap_loan_idr;

INSERT INTO allocation
SELECT loan_reference, number, row_key, LEAST(item_idr, row_idr), 'P6' FROM near;
INSERT INTO rounded
SELECT loan_reference, number, row_key, item_idr - row_idr FROM near;
DELETE FROM near;

INSERT INTO near
WITH spent AS (
    SELECT loan_reference, SUM(ABS(amount_idr)) AS amount_idr
    FROM rounded
    GROUP BY loan_reference
),
free_row AS (
    SELECT
        m.*, ROW_NUMBER() OVER (PARTITION BY m.loan_reference ORDER BY m.turn) AS place
    FROM open_money AS m
    LEFT JOIN open_item AS s
        ON s.loan_reference = m.loan_reference AND s.number = m.number AND s.rest_idr > 0
    WHERE NOT m.closing AND m.rest_idr > 0 AND s.number IS NULL
),
oldest AS (
    SELECT
        i.loan_reference, i.number, i.due_on, i.amount_idr, i.rest_idr,
        ROW_NUMBER() OVER (PARTITION BY i.loan_reference ORDER BY i.due_on, i.number) AS age
    FROM open_item AS i
    WHERE i.rest_idr > 0
),
pair AS (
    SELECT
        i.loan_reference, i.number, m.row_key, m.place, i.rest_idr AS item_idr,
        m.rest_idr AS row_idr,
        CASE
            WHEN i.rest_idr = i.amount_idr AND i.rest_idr <> m.rest_idr
                AND ABS(i.rest_idr - m.rest_idr) <= u.tolerance_idr
                AND i.due_on <= m.value_on + u.horizon_days THEN 1
            ELSE 0
        END AS fits,
        u.tolerance_cap_loan_idr - COALESCE(s.amount_idr, 0) AS cap_idr
    FROM free_row AS m
    JOIN oldest AS i ON i.loan_reference = m.loan_reference AND i.age = m.place
    CROSS JOIN rule AS u
    LEFT JOIN spent AS s ON s.loan_reference = m.loan_reference
),
chained AS (
    SELECT
        p.*,
        MIN(p.fits) OVER so_far AS all_fit,
        SUM(ABS(p.item_idr - p.row_idr)) OVER so_far AS total_idr
    FROM pair AS p
    WINDOW so_far AS (PARTITION BY p.loan_reference ORDER BY p.place ROWS UNBOUNDED PRECEDING)
)
SELECT loan_reference, number, row_key, item_idr, row_idr
FROM chained
WHERE all_fit = 1 AND total_idr <= cap_idr;

INSERT INTO allocation
SELECT loan_reference, number, row_key, LEAST(item_idr, row_idr), 'P6' FROM near;
INSERT INTO rounded
SELECT loan_reference, number, row_key, item_idr - row_idr FROM near;
DELETE FROM near;
