SELECT
  "_people"."team" AS "@team",
  "products"."series" AS "@series",
  "_calendar"."quarter" AS "@period",
  COUNT(*) AS "*",
  SUM(CASE WHEN "t"."stage" = 'Won' THEN "t"."amount" END) AS "won_value",
  COUNT(CASE WHEN "t"."stage" = 'Won' THEN 1 END) AS "won_value.rows",
  COUNT(CASE WHEN "t"."stage" = 'Won' THEN "t"."amount" END) AS "won_value.cells",
  COUNT(*) AS "closed",
  COUNT(*) AS "closed.rows",
  COUNT(*) AS "closed.cells"
FROM "deals" AS t
LEFT JOIN "products" AS products
  ON "t"."product" = "products"."product"
LEFT JOIN "_people_deals" AS _people
  ON "_people"."owner" = "t"."rep"
  AND "_people"."starts_on" <= COALESCE("t"."closed_on", CAST('9999-12-31' AS DATE))
  AND "_people"."ends_on" >= COALESCE("t"."closed_on", CAST('9999-12-31' AS DATE))
JOIN "_calendar"
  ON "_calendar"."day" = "t"."closed_on"
WHERE
  "_calendar"."quarter" IN ('2026Q3') AND "t"."amount" > 0
GROUP BY
  "_people"."team",
  "products"."series",
  "_calendar"."quarter";

WITH counted AS (
  SELECT
    "_people"."team" AS "@team",
    "products"."series" AS "@series",
    "_calendar"."quarter" AS "@period",
    "t"."amount" AS "value",
    COUNT(*) AS "times"
  FROM "deals" AS t
  LEFT JOIN "products" AS products
    ON "t"."product" = "products"."product"
  LEFT JOIN "_people_deals" AS _people
    ON "_people"."owner" = "t"."rep"
    AND "_people"."starts_on" <= COALESCE("t"."closed_on", CAST('9999-12-31' AS DATE))
    AND "_people"."ends_on" >= COALESCE("t"."closed_on", CAST('9999-12-31' AS DATE))
  JOIN "_calendar"
    ON "_calendar"."day" = "t"."closed_on"
  WHERE
    (
      (
        "_calendar"."quarter" IN ('2026Q3') AND "t"."amount" > 0
      )
      AND "t"."stage" = 'Won'
    )
    AND NOT (
      "t"."amount"
    ) IS NULL
  GROUP BY
    "_people"."team",
    "products"."series",
    "_calendar"."quarter",
    "t"."amount"
), ranked AS (
  SELECT
    "@team",
    "@series",
    "@period",
    "value",
    "times",
    SUM("times") OVER (PARTITION BY "@team", "@series", "@period" ORDER BY "value") AS "upto",
    SUM("times") OVER (PARTITION BY "@team", "@series", "@period") AS "total"
  FROM counted
)
SELECT
  "@team",
  "@series",
  "@period",
  "value",
  "upto",
  "times",
  "total"
FROM ranked
WHERE
  "upto" * 2 > (
    "total" - 1
  ) * 1
  AND (
    "upto" - "times" - 1
  ) * 2 <= (
    "total" - 1
  ) * 1;
