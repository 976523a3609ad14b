-- Pass 10 moves nothing: for money under an unknown name, loans whose account or reference is one
-- substitution, insertion, deletion or swap of neighbours away, with an open item of that amount
-- (ruling 13).  A name with one place cut out finds the first three kinds by equality.
INSERT INTO near_loan
WITH RECURSIVE spot AS (
    SELECT 1 AS place
    UNION ALL
    SELECT place + 1 FROM spot WHERE place < 64
),
stranger AS (
    SELECT p.row_key, p.left_idr AS amount_idr, 'number' AS kind, l.loan_number AS name
    FROM purse AS p JOIN line AS l ON l.row_key = p.row_key
    WHERE p.held = 'UNKNOWN_LOAN' AND p.left_idr > 0 AND l.loan_number <> ''
    UNION ALL
    SELECT p.row_key, p.left_idr, 'reference', l.application_reference
    FROM purse AS p JOIN line AS l ON l.row_key = p.row_key
    WHERE p.held = 'UNKNOWN_LOAN' AND p.left_idr > 0 AND l.application_reference <> ''
),
candidate AS (
    SELECT DISTINCT n.loan_reference, n.loan_number, i.rest_idr AS amount_idr
    FROM open_item AS i
    JOIN loan AS n ON n.loan_reference = i.loan_reference
    WHERE i.rest_idr IN (SELECT amount_idr FROM stranger) AND NOT n.barred
),
known AS (
    SELECT loan_reference, amount_idr, 'number' AS kind, loan_number AS name
    FROM candidate
    WHERE loan_number <> ''
    UNION ALL
    SELECT c.loan_reference, c.amount_idr, 'reference', a.reference
    FROM candidate AS c JOIN alias AS a ON a.loan_reference = c.loan_reference
),
stranger_cut AS (
    SELECT s.*, o.place, SUBSTRING(s.name, 1, o.place - 1) || SUBSTRING(s.name, o.place + 1) AS cut
    FROM stranger AS s JOIN spot AS o ON o.place <= LENGTH(s.name)
),
known_cut AS (
    SELECT k.*, o.place, SUBSTRING(k.name, 1, o.place - 1) || SUBSTRING(k.name, o.place + 1) AS cut
    FROM known AS k JOIN spot AS o ON o.place <= LENGTH(k.name)
),
stranger_swapped AS (
    SELECT
        s.*,
        SUBSTRING(s.name, 1, o.place - 1) || SUBSTRING(s.name, o.place + 1, 1)
        || SUBSTRING(s.name, o.place, 1) || SUBSTRING(s.name, o.place + 2) AS swapped
    FROM stranger AS s JOIN spot AS o ON o.place < LENGTH(s.name)
)
SELECT s.row_key, k.loan_reference
FROM stranger_cut AS s
JOIN known_cut AS k
    ON k.kind = s.kind AND k.amount_idr = s.amount_idr AND k.place = s.place AND k.cut = s.cut
UNION
SELECT s.row_key, k.loan_reference
FROM stranger_cut AS s
JOIN known AS k ON k.kind = s.kind AND k.amount_idr = s.amount_idr AND k.name = s.cut
UNION
SELECT s.row_key, k.loan_reference
FROM stranger AS s
JOIN known_cut AS k ON k.kind = s.kind AND k.amount_idr = s.amount_idr AND k.cut = s.name
UNION
SELECT s.row_key, k.loan_reference
FROM stranger_swapped AS s
JOIN known AS k ON k.kind = s.kind AND k.amount_idr = s.amount_idr AND k.name = s.swapped;
