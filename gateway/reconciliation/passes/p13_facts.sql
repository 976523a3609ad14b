-- Pass 13, second half: facts on matched money (ruling 23).  They move nothing: the same amount
-- stands on both sides, and ``turn`` names the row that is the evidence (the last one).
CREATE TABLE fact AS
WITH stated_first AS (
    SELECT loan_reference, MIN(place) AS place
    FROM item_end
    WHERE rest_idr > 0
    GROUP BY loan_reference
)
SELECT 'E' AS side, 'LATE' AS code, loan_reference, number, MAX(turn) AS turn,
    SUM(amount_idr) AS amount_idr
FROM touch
WHERE value_on > grace_on
GROUP BY loan_reference, number
UNION ALL
SELECT 'E', 'PREPAID', t.loan_reference, t.number, MAX(t.turn), SUM(t.amount_idr)
FROM touch AS t CROSS JOIN rule AS u
WHERE t.value_on + u.early_days < t.due_on
GROUP BY t.loan_reference, t.number
UNION ALL
SELECT 'E', 'SEQ_GAP', t.loan_reference, t.number, MAX(t.turn), SUM(t.amount_idr)
FROM touch AS t
JOIN line AS l ON l.row_key = t.row_key AND l.number = t.number
JOIN stated_first AS f ON f.loan_reference = t.loan_reference AND f.place < t.place
WHERE t.rule IN ('P5', 'P6', 'P7')
GROUP BY t.loan_reference, t.number
UNION ALL
SELECT 'E', 'COMPONENT_DIFF', t.loan_reference, t.number, t.turn, t.amount_idr
FROM touch AS t
JOIN item AS i ON i.loan_reference = t.loan_reference AND i.number = t.number
JOIN line AS l ON l.row_key = t.row_key
JOIN purse AS p ON p.row_key = t.row_key
WHERE t.amount_idr = i.amount_idr AND t.amount_idr = p.available_idr AND p.taken_idr = 0
    AND COALESCE(l.principal_idr <> i.principal_idr OR l.interest_idr <> i.interest_idr, FALSE)
UNION ALL
SELECT 'R', 'OUT_OF_PERIOD', l.loan_reference, NULL, l.turn, COALESCE(p.spent_idr, 0)
FROM line AS l
CROSS JOIN rule AS u
LEFT JOIN purse_end AS p ON p.row_key = l.row_key
WHERE l.duplicate IS NULL AND NOT l.carried
    AND (l.value_on < u.period_first OR l.value_on > u.period_last)
UNION ALL
SELECT 'R', 'WRONG_ACCOUNT', l.loan_reference, NULL, l.turn, p.spent_idr
FROM line AS l JOIN purse_end AS p ON p.row_key = l.row_key
WHERE l.wrong_account AND p.left_idr > 0 AND p.why_held IS NULL
UNION ALL
SELECT 'R', 'REVERSED', l.loan_reference, NULL, l.turn, 0
FROM line AS l JOIN reversal AS v ON v.reversal_key = l.row_key;
