"""The statements of `load_cases`: everything about a case is drawn from its number, the same each time."""

SCAFFOLD = """
CREATE OR REPLACE FUNCTION pg_temp.draw(g bigint, lot bigint, n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
  'SELECT mod(hashint8extended(g, lot) & 9223372036854775807, n)';
CREATE TEMP TABLE bench_day (
  age integer PRIMARY KEY, day date, received_at timestamptz, intake_due date, look_at timestamptz, decision_due date,
  provisional boolean, statutory date, lapses_after date, remind_at timestamptz, warn_at timestamptz);
CREATE TEMP TABLE bench_share (slot integer PRIMARY KEY, status text, youngest integer, span integer);
CREATE TEMP TABLE bench_desk AS
  SELECT a.code, a.id AS authority_id,
         array_agg(d.user_id ORDER BY d.id) FILTER (WHERE d.kind = 'acceptance') AS clerks,
         array_agg(d.user_id ORDER BY d.id) FILTER (WHERE d.kind = 'review') AS reviewers,
         array_agg(d.user_id ORDER BY d.id) FILTER (WHERE d.kind = 'approval') AS approvers
    FROM parties_authority a JOIN parties_duty d ON d.authority_id = a.id
   WHERE a.level IN ('national', 'provincial')
     AND NOT EXISTS (SELECT 1 FROM parties_duty o WHERE o.user_id = d.user_id AND o.kind <> d.kind)
   GROUP BY a.id;
CREATE TEMP TABLE bench_kind AS
  SELECT row_number() OVER (ORDER BY c.id) - 1 AS slot, c.id, c.key, v.name_zh, v.name_en,
         v.authority_level = 'national' AS national
    FROM catalog_productcategory c JOIN catalog_categoryversion v ON v.category_id = c.id
   WHERE v.valid_from <= current_date AND (v.valid_to IS NULL OR v.valid_to > current_date);
CREATE TEMP TABLE bench_producer AS
  SELECT row_number() OVER (ORDER BY e.id) - 1 AS slot, e.id, e.name, e.uscc, e.legal_representative,
         e.registered_division AS division, e.registered_address AS address, d.authority_id, d.clerks, d.reviewers,
         d.approvers, d.code
    FROM parties_enterprise e
    JOIN bench_desk d ON d.code = left(e.registered_division, 2) || '0000'
   WHERE e.uscc LIKE '91______N%';
CREATE INDEX ON bench_producer (slot);
ANALYZE bench_producer, bench_day, bench_share, bench_kind;
"""

APPLICATIONS = """
WITH size AS (
  SELECT (SELECT count(*) FROM bench_producer) AS producers, (SELECT count(*) FROM bench_share) AS shares,
         (SELECT count(*) FROM bench_kind) AS kinds,
         (SELECT id FROM parties_authority WHERE level = 'national') AS nation,
         (SELECT approvers FROM bench_desk d JOIN parties_authority a ON a.id = d.authority_id
           WHERE a.level = 'national') AS nation_approvers),
drawn AS (
  SELECT g, s.status, d.*, k.id AS kind_id, k.key, k.name_zh, k.name_en, k.national,
         s.status NOT IN ('draft', 'submitted', 'correction_requested', 'not_required', 'not_accepted', 'lapsed',
                          'retracted', 'deemed', 'reminded', 'lapsing') AS accepted,
         s.status IN ('delivered', 'certificate_issued') AS decided,
         s.status IN ('delivered', 'certificate_issued', 'lapsed', 'retracted', 'not_accepted', 'not_required') AS over
    FROM size, generate_series(%(first)s::bigint, %(last)s::bigint) g
    JOIN bench_share s ON s.slot = mod(g - %(first)s, (SELECT count(*) FROM bench_share))
    JOIN bench_day d ON d.age = s.youngest + pg_temp.draw(g, 2, s.span)
    JOIN bench_kind k ON k.slot = pg_temp.draw(g, 3, (SELECT count(*) FROM bench_kind))),
made AS (
  SELECT drawn.*, p.id AS producer_id, p.name, p.uscc, p.legal_representative, p.division, p.address,
         p.authority_id, p.code,
         p.clerks[1 + pg_temp.draw(g, 5, cardinality(p.clerks))] AS clerk,
         p.reviewers[1 + pg_temp.draw(g, 6, cardinality(p.reviewers))] AS reviewer,
         CASE WHEN national THEN nation_approvers[1 + pg_temp.draw(g, 7, cardinality(nation_approvers))]
              ELSE p.approvers[1 + pg_temp.draw(g, 7, cardinality(p.approvers))] END AS approver,
         CASE WHEN national THEN nation ELSE p.authority_id END AS decides,
         jsonb_build_object('name', p.name, 'uscc', p.uscc, 'legal_representative', p.legal_representative,
                            'division', p.division, 'address', p.address) AS facts,
         jsonb_build_array(jsonb_build_object('division', p.division, 'address', p.address,
                                              'full_address', p.address)) AS sites
    FROM drawn, size, bench_producer p
   WHERE p.slot = pg_temp.draw(g, 4, producers))
INSERT INTO licensing_application (
  public_id, number, kind, status, version, enterprise_id, category_id, draft, draft_version, draft_saved_at, profile,
  filed, filing_division, filing_authority_id, deciding_authority_id, acceptance_authority_id, review_authority_id,
  approval_authority_id, clerk_id, reviewer_id, approver_id, received_at, first_received_at, accepted_on,
  deemed_accepted, decided_on, closed_on, due_on, due_provisional, statutory_due_on, next_due_on, next_check_at,
  returned_once, reviewer_stated, intake_days, target_days, clock_days, clock_pauses, paused,
  decided_by_order, test_before_visit, inside_acts)
SELECT gen_random_uuid(),
  CASE WHEN status <> 'draft' THEN code || '-N-' || extract(year FROM day) || '-'
    || lpad((1000 + mod(g, 999000))::text, 6, '0') || '-' || substr('23456789', 1 + (g / 999000)::int, 1) || 'Z' END,
  'new',
  CASE status WHEN 'deemed' THEN 'submitted' WHEN 'reminded' THEN 'correction_requested'
              WHEN 'lapsing' THEN 'correction_requested' ELSE status END,
  CASE WHEN status = 'draft' THEN 0 ELSE 1 END, producer_id, kind_id,
  jsonb_build_object('enterprise', facts, 'sites', jsonb_build_object('rows', sites)),
  1, received_at, 'BENCH',
  CASE WHEN status = 'draft' THEN '{}' ELSE jsonb_build_object(
    'enterprise', facts, 'sites', sites, 'units', '[]'::jsonb,
    'category', jsonb_build_object('key', key, 'name_zh', name_zh, 'name_en', name_en)) END,
  CASE WHEN status = 'draft' THEN '' ELSE division END,
  CASE WHEN status <> 'draft' THEN authority_id END, CASE WHEN status <> 'draft' THEN decides END,
  CASE WHEN status <> 'draft' THEN authority_id END, CASE WHEN status <> 'draft' THEN authority_id END,
  CASE WHEN status <> 'draft' THEN decides END,
  CASE WHEN accepted OR status IN ('not_accepted', 'not_required') THEN clerk END,
  CASE WHEN decided OR status = 'decision_pending' OR (accepted AND pg_temp.draw(g, 8, 3) > 0) THEN reviewer END,
  CASE WHEN decided THEN approver END,
  CASE WHEN status <> 'draft' THEN received_at END, CASE WHEN status <> 'draft' THEN received_at END,
  CASE WHEN accepted THEN day END, false, CASE WHEN decided THEN day + 28 END,
  CASE WHEN over THEN day + 30 END,
  CASE WHEN accepted THEN decision_due END, accepted AND provisional, CASE WHEN accepted THEN statutory END,
  CASE WHEN status IN ('submitted', 'deemed') THEN intake_due
       WHEN status IN ('under_review', 'decision_pending') THEN least(decision_due, statutory) END,
  CASE WHEN status IN ('submitted', 'deemed') THEN look_at WHEN status = 'correction_requested' THEN remind_at
       WHEN status = 'lapsing' THEN (lapses_after + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
       WHEN status = 'reminded' THEN now() - interval '1 hour'
       WHEN status IN ('under_review', 'decision_pending') THEN warn_at END,
  false, decided OR status = 'decision_pending', 5, 30, 30, '[]', false, false, false, 0
FROM made
"""

NOTICES = """
INSERT INTO licensing_correctionnotice (public_id, application_id, issued_by_id, issued_at, lapses_after)
SELECT gen_random_uuid(), a.id, p.clerks[1], a.received_at, d.lapses_after
  FROM licensing_application a
  JOIN bench_producer p ON p.id = a.enterprise_id
  JOIN bench_day d ON d.day = (a.received_at AT TIME ZONE 'Asia/Shanghai')::date
 WHERE a.id > %(before)s AND a.profile = 'BENCH' AND a.status IN ('correction_requested', 'lapsed')
"""

FRESH = """
CREATE TEMP TABLE fresh (LIKE ledger_ledgerentry);
ALTER TABLE fresh ALTER id DROP NOT NULL;
INSERT INTO fresh (
  act, subject_kind, subject_id, subject_version, actor_kind, actor_code, organisation, organisation_label,
  effective_at, recorded_at, dating, legal_basis, public, internal, personal)
SELECT 'licensing.submit', 'licensing.application', a.public_id::text, 1, 'system', 'system', '', '', a.received_at,
       now(), 'import', '[{"article": "第十一条", "instrument": "L2"}]',
       jsonb_build_object('number', a.number, 'kind', a.kind), '{}', '{}'
  FROM licensing_application a
 WHERE a.id > %(before)s AND a.profile = 'BENCH' AND a.status <> 'draft';
"""
LEDGER = """
ALTER TABLE ledger_ledgerentry DISABLE TRIGGER ledger_stamp;
INSERT INTO ledger_ledgerentry (
  act, subject_kind, subject_id, subject_version, actor_kind, actor_code, organisation, organisation_label,
  effective_at, recorded_at, dating, legal_basis, public, internal, personal, entry_hash)
SELECT act, subject_kind, subject_id, subject_version, actor_kind, actor_code, organisation, organisation_label,
       effective_at, recorded_at, dating, legal_basis, public, internal, personal,
       ledger_entry_digest(ROW(fresh.*)::ledger_ledgerentry)
  FROM fresh;
ALTER TABLE ledger_ledgerentry ENABLE TRIGGER ledger_stamp;
"""
"""The trigger stamps and chains one entry at a time; a first entry follows none, so its hash is computed here."""
