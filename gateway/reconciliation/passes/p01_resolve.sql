-- Pass 1, second half: which loan does a row name?  An account and a reference that agree on one
-- loan name it; one of them alone is enough; two loans with an equal claim are never decided here.
CREATE TABLE named AS
WITH target AS (
    SELECT r.position, l.loan_reference, 1 AS by_number, 0 AS by_reference
    FROM row_in AS r JOIN loan AS l ON l.loan_number = r.loan_number
    WHERE r.loan_number <> ''
    UNION ALL
    SELECT r.position, a.loan_reference, 0, 1
    FROM row_in AS r JOIN alias AS a ON a.reference = r.application_reference
    WHERE r.application_reference <> ''
),
per_loan AS (
    SELECT position, loan_reference, MAX(by_number) AS by_number, MAX(by_reference) AS by_reference
    FROM target
    GROUP BY position, loan_reference
),
counted AS (
    SELECT
        position,
        COUNT(*) AS targets,
        SUM(by_number) AS by_number,
        SUM(by_number * by_reference) AS both_ways,
        MIN(CASE WHEN by_number * by_reference = 1 THEN loan_reference END) AS agreed,
        MIN(loan_reference) AS only_one
    FROM per_loan
    GROUP BY position
)
SELECT
    r.position,
    CAST(COALESCE(c.targets, 0) AS INTEGER) AS targets,
    CASE WHEN c.both_ways = 1 THEN c.agreed WHEN c.targets = 1 THEN c.only_one END AS loan_reference,
    COALESCE(c.targets = 1 AND c.by_number = 0 AND r.loan_number <> '', FALSE) AS wrong_account
FROM row_in AS r LEFT JOIN counted AS c ON c.position = r.position;
