-- What every row brings once reversals are taken off: penalty apart, the rest to be spent;
-- or the reason why none of it may be spent.
CREATE TABLE purse AS
WITH taken AS (
    SELECT original_key, SUM(taken_idr) AS taken_idr, SUM(penalty_idr) AS penalty_idr
    FROM reversal
    GROUP BY original_key
),
left_over AS (
    SELECT
        l.row_key, l.turn, l.loan_reference, l.value_on, l.number, l.amount_idr, l.type, l.carried,
        l.twin,
        COALESCE(t.taken_idr, 0) AS taken_idr,
        l.penalty_idr - LEAST(
            l.penalty_idr,
            GREATEST(
                COALESCE(t.penalty_idr, 0),
                COALESCE(t.taken_idr, 0) - (l.amount_idr - l.penalty_idr)
            )
        ) AS penalty_idr,
        CASE
            WHEN l.targets = 0 THEN 'UNKNOWN_LOAN'
            WHEN l.loan_reference IS NULL THEN 'AMBIGUOUS'
            WHEN n.barred THEN 'CLOSED_LOAN'
        END AS held
    FROM line AS l
    LEFT JOIN taken AS t ON t.original_key = l.row_key
    LEFT JOIN loan AS n ON n.loan_reference = l.loan_reference
    WHERE l.type <> 'R' AND l.duplicate IS NULL
)
SELECT
    row_key, turn, loan_reference, value_on, number, amount_idr, type, carried, twin, held,
    CAST(taken_idr AS BIGINT) AS taken_idr,
    CAST(amount_idr - taken_idr AS BIGINT) AS left_idr,
    CAST(penalty_idr AS BIGINT) AS penalty_idr,
    CAST(amount_idr - taken_idr - penalty_idr AS BIGINT) AS available_idr
FROM left_over;

-- Early pay-off (ruling 3): from the first such row's value date on, the loan is being closed.
CREATE TABLE payoff AS
SELECT loan_reference, MIN(value_on) AS closed_on
FROM purse
WHERE type = 'P' AND held IS NULL AND available_idr > 0
GROUP BY loan_reference;

CREATE TABLE money AS
SELECT
    p.row_key, p.turn, p.loan_reference, p.value_on, p.number, p.amount_idr, p.available_idr,
    p.carried, p.twin,
    COALESCE(p.type = 'P' OR p.value_on > c.closed_on, FALSE) AS closing
FROM purse AS p LEFT JOIN payoff AS c ON c.loan_reference = p.loan_reference
WHERE p.held IS NULL AND p.available_idr > 0;

-- Possible duplicates (ruling 6): the second of two rows alike in loan, nominal, value date and
-- stated instalment, or stating none; and one that an earlier month held as such.
-- A rehearsal decides: p09_landing.sql, p09_release.sql.
CREATE TABLE suspect AS
SELECT row_key, loan_reference, value_on
FROM (
    SELECT
        m.*,
        ROW_NUMBER() OVER (
            PARTITION BY loan_reference, amount_idr, value_on ORDER BY number NULLS LAST, turn
        ) AS place_any,
        ROW_NUMBER() OVER (
            PARTITION BY loan_reference, amount_idr, value_on, number ORDER BY twin DESC, turn
        ) AS place_same
    FROM money AS m
    WHERE NOT m.carried OR m.twin
) AS ranked
WHERE twin OR place_same > 1 OR (number IS NULL AND place_any > 1);

CREATE TABLE allocation (
    loan_reference VARCHAR, number INTEGER, row_key VARCHAR, amount_idr BIGINT, rule VARCHAR
);
CREATE TABLE waived (loan_reference VARCHAR, number INTEGER, amount_idr BIGINT);
CREATE TABLE rounded (loan_reference VARCHAR, number INTEGER, row_key VARCHAR, amount_idr BIGINT);
CREATE TABLE near (
    loan_reference VARCHAR, number INTEGER, row_key VARCHAR, item_idr BIGINT, row_idr BIGINT
);
CREATE TABLE held_twin (row_key VARCHAR);
CREATE TABLE near_loan (row_key VARCHAR, loan_reference VARCHAR);
CREATE TABLE scope (loan_reference VARCHAR);
CREATE TABLE in_play (row_key VARCHAR);
INSERT INTO scope SELECT DISTINCT loan_reference FROM suspect;

-- Items and money as each pass finds them: less what earlier passes took.
CREATE VIEW open_item AS
SELECT i.*, CAST(i.open_idr - COALESCE(a.amount_idr, 0) AS BIGINT) AS rest_idr
FROM item AS i LEFT JOIN (
    SELECT loan_reference, number, SUM(amount_idr) AS amount_idr
    FROM (
        SELECT loan_reference, number, amount_idr FROM allocation
        UNION ALL
        SELECT loan_reference, number, amount_idr FROM waived
        UNION ALL
        SELECT loan_reference, number, amount_idr FROM rounded WHERE amount_idr > 0
    ) AS gone
    GROUP BY loan_reference, number
) AS a ON a.loan_reference = i.loan_reference AND a.number = i.number;

CREATE VIEW open_money AS
SELECT m.*, CAST(m.available_idr - COALESCE(a.amount_idr, 0) AS BIGINT) AS rest_idr
FROM money AS m
JOIN in_play AS p ON p.row_key = m.row_key
LEFT JOIN (
    SELECT row_key, SUM(amount_idr) AS amount_idr
    FROM (
        SELECT row_key, amount_idr FROM allocation
        UNION ALL
        SELECT row_key, -amount_idr FROM rounded WHERE amount_idr < 0
    ) AS gone
    GROUP BY row_key
) AS a ON a.row_key = m.row_key;
