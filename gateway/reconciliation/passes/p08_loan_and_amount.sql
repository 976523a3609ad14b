-- Pass 8: without a usable number, an open item of the same loan and amount, the oldest first.
-- Rows take turns by value date; a row whose horizon (ruling 7) shows no item left takes none.
-- ``reachable - place`` bounds how many items all rows so far can have taken.
INSERT INTO allocation
WITH free_row AS (
    SELECT m.loan_reference, m.row_key, m.turn, m.rest_idr, m.value_on + u.horizon_days AS reach_on
    FROM open_money AS m
    CROSS JOIN rule AS u
    LEFT JOIN open_item AS s
        ON s.loan_reference = m.loan_reference AND s.number = m.number AND s.rest_idr > 0
    WHERE NOT m.closing AND m.rest_idr > 0 AND s.number IS NULL
),
slot AS (
    SELECT
        loan_reference, number, rest_idr, due_on,
        ROW_NUMBER() OVER (PARTITION BY loan_reference, rest_idr ORDER BY due_on, number) AS place
    FROM open_item
    WHERE rest_idr > 0
),
seen AS (
    SELECT
        f.loan_reference, f.row_key, f.turn, f.rest_idr,
        ROW_NUMBER() OVER (PARTITION BY f.loan_reference, f.rest_idr ORDER BY f.turn) AS place,
        COUNT(s.place) AS reachable
    FROM free_row AS f
    LEFT JOIN slot AS s
        ON s.loan_reference = f.loan_reference
        AND s.rest_idr = f.rest_idr
        AND s.due_on <= f.reach_on
    GROUP BY f.loan_reference, f.row_key, f.turn, f.rest_idr
),
filled AS (
    SELECT
        loan_reference, row_key, turn, rest_idr,
        place + LEAST(0, MIN(reachable - place) OVER (
            PARTITION BY loan_reference, rest_idr ORDER BY turn ROWS UNBOUNDED PRECEDING
        )) AS taken
    FROM seen
),
stepped AS (
    SELECT
        loan_reference, row_key, rest_idr, taken,
        COALESCE(LAG(taken) OVER (
            PARTITION BY loan_reference, rest_idr ORDER BY turn
        ), 0) AS taken_before
    FROM filled
)
SELECT s.loan_reference, s.number, t.row_key, s.rest_idr, 'P8'
FROM stepped AS t
JOIN slot AS s
    ON s.loan_reference = t.loan_reference AND s.rest_idr = t.rest_idr AND s.place = t.taken
WHERE t.taken > t.taken_before;
