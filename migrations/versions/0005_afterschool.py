"""The after-school programme: terms, enrolments, consents, plans, staff, custody, alarms, incidents."""

import re

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0005_afterschool"
down_revision = "0004_welfare"
branch_labels = None
depends_on = None

# What the models say of each table, held by the database whoever writes. `–` stands where a word was erased.
SQLITE = """
CREATE TRIGGER term_rules_no_update BEFORE UPDATE ON term_rules
BEGIN SELECT RAISE(ABORT, 'term_rules_append_only'); END;

CREATE TRIGGER term_rules_no_delete BEFORE DELETE ON term_rules
BEGIN SELECT RAISE(ABORT, 'term_rules_append_only'); END;

CREATE TRIGGER rule_paragraphs_no_update BEFORE UPDATE ON rule_paragraphs
BEGIN SELECT RAISE(ABORT, 'rule_paragraphs_append_only'); END;

CREATE TRIGGER rule_paragraphs_no_delete BEFORE DELETE ON rule_paragraphs
BEGIN SELECT RAISE(ABORT, 'rule_paragraphs_append_only'); END;

CREATE TRIGGER consent_texts_no_update BEFORE UPDATE ON consent_texts
BEGIN SELECT RAISE(ABORT, 'consent_texts_append_only'); END;

CREATE TRIGGER consent_texts_no_delete BEFORE DELETE ON consent_texts
BEGIN SELECT RAISE(ABORT, 'consent_texts_append_only'); END;

CREATE TRIGGER staffing_events_no_update BEFORE UPDATE ON staffing_events
BEGIN SELECT RAISE(ABORT, 'staffing_events_append_only'); END;

CREATE TRIGGER staffing_events_no_delete BEFORE DELETE ON staffing_events
BEGIN SELECT RAISE(ABORT, 'staffing_events_append_only'); END;

CREATE TRIGGER deletion_proofs_no_update BEFORE UPDATE ON deletion_proofs
BEGIN SELECT RAISE(ABORT, 'deletion_proofs_append_only'); END;

CREATE TRIGGER deletion_proofs_no_delete BEFORE DELETE ON deletion_proofs
BEGIN SELECT RAISE(ABORT, 'deletion_proofs_append_only'); END;

CREATE TRIGGER room_checks_no_update BEFORE UPDATE ON room_checks
BEGIN SELECT RAISE(ABORT, 'room_checks_append_only'); END;

CREATE TRIGGER room_checks_no_delete BEFORE DELETE ON room_checks
BEGIN SELECT RAISE(ABORT, 'room_checks_append_only'); END;

CREATE TRIGGER head_counts_no_update BEFORE UPDATE ON head_counts
BEGIN SELECT RAISE(ABORT, 'head_counts_append_only'); END;

CREATE TRIGGER head_counts_no_delete BEFORE DELETE ON head_counts
BEGIN SELECT RAISE(ABORT, 'head_counts_append_only'); END;

CREATE TRIGGER bar_decisions_no_update BEFORE UPDATE OF id, event_id, is_allowed, by_id, at ON bar_decisions
BEGIN SELECT RAISE(ABORT, 'bar_decisions_append_only'); END;

CREATE TRIGGER bar_decisions_no_delete BEFORE DELETE ON bar_decisions
BEGIN SELECT RAISE(ABORT, 'bar_decisions_append_only'); END;

CREATE TRIGGER custody_no_update BEFORE UPDATE ON custody
BEGIN SELECT RAISE(ABORT, 'custody_append_only'); END;

CREATE TRIGGER custody_no_delete BEFORE DELETE ON custody
BEGIN SELECT RAISE(ABORT, 'custody_append_only'); END;

CREATE TRIGGER enrolment_events_no_update BEFORE UPDATE ON enrolment_events
WHEN NOT ((NEW.reason IN ('', '–') AND NEW.id IS OLD.id AND NEW.enrolment_id IS OLD.enrolment_id AND NEW.at IS
  OLD.at AND NEW.by_id IS OLD.by_id AND NEW.what IS OLD.what AND NEW.paragraph_id IS OLD.paragraph_id AND
  EXISTS (SELECT 1 FROM enrolments e JOIN people p ON p.id = e.child_id WHERE e.id = OLD.enrolment_id AND
  p.erased_at IS NOT NULL)))
BEGIN SELECT RAISE(ABORT, 'enrolment_events_append_only'); END;

CREATE TRIGGER enrolment_events_no_delete BEFORE DELETE ON enrolment_events
BEGIN SELECT RAISE(ABORT, 'enrolment_events_append_only'); END;

CREATE TRIGGER custody_events_no_update BEFORE UPDATE ON custody_events
WHEN NOT ((NEW.other_name IN ('', '–') AND NEW.brought_by IN ('', '–') AND NEW.approved_on IN ('', '–') AND
  NEW.bus IN ('', '–') AND NEW.id IS OLD.id AND NEW.child_id IS OLD.child_id AND NEW.on_date IS OLD.on_date AND
  NEW.day_id IS OLD.day_id AND NEW.class_id IS OLD.class_id AND NEW.holder IS OLD.holder AND NEW.with_id IS
  OLD.with_id AND NEW.collector_id IS OLD.collector_id AND NEW.consent_id IS OLD.consent_id AND NEW.checked_by
  IS OLD.checked_by AND NEW.child_agreed IS OLD.child_agreed AND NEW.second_id IS OLD.second_id AND
  NEW.approved_by_id IS OLD.approved_by_id AND NEW.at IS OLD.at AND NEW.recorded_at IS OLD.recorded_at AND
  NEW.by_id IS OLD.by_id AND NEW.device_id IS OLD.device_id AND NEW.device_at IS OLD.device_at AND
  NEW.is_offline IS OLD.is_offline AND NEW.nonce IS OLD.nonce AND NEW.digest IS OLD.digest AND NEW.outcome IS
  OLD.outcome AND NEW.why IS OLD.why AND NEW.flag IS OLD.flag AND NEW.undoes_id IS OLD.undoes_id AND EXISTS
  (SELECT 1 FROM people p WHERE p.id = OLD.child_id AND p.erased_at IS NOT NULL)))
BEGIN SELECT RAISE(ABORT, 'custody_events_append_only'); END;

CREATE TRIGGER custody_events_no_delete BEFORE DELETE ON custody_events
BEGIN SELECT RAISE(ABORT, 'custody_events_append_only'); END;

CREATE TRIGGER alarm_rings_no_update BEFORE UPDATE ON alarm_rings
WHEN NOT ((NEW.number IN ('', '–') AND NEW.said IN ('', '–') AND NEW.id IS OLD.id AND NEW.alarm_id IS
  OLD.alarm_id AND NEW.guardian_id IS OLD.guardian_id AND NEW.is_reached IS OLD.is_reached AND NEW.by_id IS
  OLD.by_id AND NEW.at IS OLD.at AND EXISTS (SELECT 1 FROM people p WHERE p.erased_at IS NOT NULL AND (p.id =
  OLD.guardian_id OR p.id = (SELECT a.child_id FROM care_alarms a WHERE a.id = OLD.alarm_id)))))
BEGIN SELECT RAISE(ABORT, 'alarm_rings_append_only'); END;

CREATE TRIGGER alarm_rings_no_delete BEFORE DELETE ON alarm_rings
BEGIN SELECT RAISE(ABORT, 'alarm_rings_append_only'); END;

CREATE TRIGGER plan_changes_no_update BEFORE UPDATE ON plan_changes
WHEN NOT ((NEW.rang_from IN ('', '–') AND NEW.rang_back IN ('', '–') AND NEW.bus IN ('', '–') AND NEW.id IS
  OLD.id AND NEW.enrolment_id IS OLD.enrolment_id AND NEW.on_date IS OLD.on_date AND NEW.what IS OLD.what AND
  NEW.collector_id IS OLD.collector_id AND NEW.sibling_id IS OLD.sibling_id AND NEW.leaves IS OLD.leaves AND
  NEW.consent_id IS OLD.consent_id AND NEW.by_id IS OLD.by_id AND NEW.at IS OLD.at AND NEW.recorded_by_id IS
  OLD.recorded_by_id AND NEW.is_after_cut_off IS OLD.is_after_cut_off AND NEW.acknowledged_at IS
  OLD.acknowledged_at AND NEW.acknowledged_by_id IS OLD.acknowledged_by_id AND EXISTS (SELECT 1 FROM enrolments
  e JOIN people p ON p.id = e.child_id WHERE e.id = OLD.enrolment_id AND p.erased_at IS NOT NULL)) OR
  (OLD.acknowledged_at IS NULL AND NEW.id IS OLD.id AND NEW.enrolment_id IS OLD.enrolment_id AND NEW.on_date IS
  OLD.on_date AND NEW.what IS OLD.what AND NEW.collector_id IS OLD.collector_id AND NEW.sibling_id IS
  OLD.sibling_id AND NEW.bus IS OLD.bus AND NEW.leaves IS OLD.leaves AND NEW.consent_id IS OLD.consent_id AND
  NEW.by_id IS OLD.by_id AND NEW.at IS OLD.at AND NEW.recorded_by_id IS OLD.recorded_by_id AND
  NEW.is_after_cut_off IS OLD.is_after_cut_off AND NEW.rang_from IS OLD.rang_from AND NEW.rang_back IS
  OLD.rang_back))
BEGIN SELECT RAISE(ABORT, 'plan_changes_append_only'); END;

CREATE TRIGGER plan_changes_no_delete BEFORE DELETE ON plan_changes
BEGIN SELECT RAISE(ABORT, 'plan_changes_append_only'); END;

CREATE TRIGGER care_alarms_no_update BEFORE UPDATE ON care_alarms
WHEN NOT ((NEW.answer IN ('', '–') AND NEW.id IS OLD.id AND NEW.on_date IS OLD.on_date AND NEW.kind IS OLD.kind
  AND NEW.subject IS OLD.subject AND NEW.child_id IS OLD.child_id AND NEW.event_id IS OLD.event_id AND
  NEW.change_id IS OLD.change_id AND NEW.level IS OLD.level AND NEW.raised_at IS OLD.raised_at AND
  NEW.escalated_at IS OLD.escalated_at AND NEW.ended_at IS OLD.ended_at AND NEW.ended_by_id IS OLD.ended_by_id
  AND NEW.found IS OLD.found
  AND EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.child_id AND p.erased_at IS NOT NULL)) OR (OLD.ended_at
  IS NULL AND NEW.level >= OLD.level AND NEW.id IS OLD.id AND NEW.on_date IS OLD.on_date AND NEW.kind IS
  OLD.kind AND NEW.subject IS OLD.subject AND NEW.child_id IS OLD.child_id AND NEW.event_id IS OLD.event_id AND
  NEW.change_id IS OLD.change_id AND NEW.raised_at IS OLD.raised_at))
BEGIN SELECT RAISE(ABORT, 'care_alarms_append_only'); END;

CREATE TRIGGER care_alarms_no_delete BEFORE DELETE ON care_alarms
BEGIN SELECT RAISE(ABORT, 'care_alarms_append_only'); END;

CREATE TRIGGER incidents_no_update BEFORE UPDATE ON incidents
WHEN NOT ((NEW.id IS OLD.id AND NEW.child_id IS OLD.child_id AND NEW.on_date IS OLD.on_date AND NEW.at IS
  OLD.at AND NEW.place IS OLD.place AND NEW.by_id IS OLD.by_id AND NEW.recorded_at IS OLD.recorded_at AND
  substr(NEW.what, 1, 5 + instr(substr(NEW.what, 6), ':')) <> substr(OLD.what, 1, 5 + instr(substr(OLD.what,
  6), ':')) AND substr(NEW.done, 1, 5 + instr(substr(NEW.done, 6), ':')) <> substr(OLD.done, 1, 5 +
  instr(substr(OLD.done, 6), ':'))))
BEGIN SELECT RAISE(ABORT, 'incidents_append_only'); END;

CREATE TRIGGER incidents_no_delete BEFORE DELETE ON incidents
WHEN NOT (EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.child_id AND p.erased_at IS NOT NULL))
BEGIN SELECT RAISE(ABORT, 'incidents_append_only'); END;

CREATE TRIGGER incident_steps_no_update BEFORE UPDATE ON incident_steps
WHEN NOT ((NEW.id IS OLD.id AND NEW.incident_id IS OLD.incident_id AND NEW.stage IS OLD.stage AND NEW.person_id
  IS OLD.person_id AND NEW.by_id IS OLD.by_id AND NEW.at IS OLD.at AND substr(NEW.words, 1, 5 +
  instr(substr(NEW.words, 6), ':')) <> substr(OLD.words, 1, 5 + instr(substr(OLD.words, 6), ':'))))
BEGIN SELECT RAISE(ABORT, 'incident_steps_append_only'); END;

CREATE TRIGGER incident_steps_no_delete BEFORE DELETE ON incident_steps
WHEN NOT (EXISTS (SELECT 1 FROM incidents i JOIN people p ON p.id = i.child_id WHERE i.id = OLD.incident_id AND
  p.erased_at IS NOT NULL))
BEGIN SELECT RAISE(ABORT, 'incident_steps_append_only'); END;

CREATE TRIGGER child_consents_no_update BEFORE UPDATE ON child_consents
WHEN NOT ((OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL AND NEW.id IS OLD.id AND NEW.child_id IS
  OLD.child_id AND NEW.purpose IS OLD.purpose AND NEW.text_id IS OLD.text_id AND NEW.is_given IS OLD.is_given
  AND NEW.by_id IS OLD.by_id AND NEW.recorded_by_id IS OLD.recorded_by_id AND NEW.means IS OLD.means AND NEW.at
  IS OLD.at AND NOT EXISTS (SELECT 1 FROM health_notes n WHERE n.consent_id = OLD.id) AND NOT EXISTS (SELECT 1
  FROM child_photos f WHERE f.consent_id = OLD.id)))
BEGIN SELECT RAISE(ABORT, 'child_consents_append_only'); END;

CREATE TRIGGER child_consents_no_delete BEFORE DELETE ON child_consents
BEGIN SELECT RAISE(ABORT, 'child_consents_append_only'); END;

CREATE TRIGGER health_notes_consent_insert BEFORE INSERT ON health_notes
WHEN NOT EXISTS (SELECT 1 FROM child_consents c WHERE c.id = NEW.consent_id AND c.child_id = NEW.child_id AND
  c.purpose = 'health' AND c.is_given AND c.revoked_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'health_notes_consent'); END;

CREATE TRIGGER health_notes_consent_update BEFORE UPDATE ON health_notes
WHEN NOT EXISTS (SELECT 1 FROM child_consents c WHERE c.id = NEW.consent_id AND c.child_id = NEW.child_id AND
  c.purpose = 'health' AND c.is_given AND c.revoked_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'health_notes_consent'); END;

CREATE TRIGGER child_photos_consent_insert BEFORE INSERT ON child_photos
WHEN NOT EXISTS (SELECT 1 FROM child_consents c WHERE c.id = NEW.consent_id AND c.child_id = NEW.child_id AND
  c.purpose = 'photos' AND c.is_given AND c.revoked_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'child_photos_consent'); END;

CREATE TRIGGER child_photos_consent_update BEFORE UPDATE ON child_photos
WHEN NOT EXISTS (SELECT 1 FROM child_consents c WHERE c.id = NEW.consent_id AND c.child_id = NEW.child_id AND
  c.purpose = 'photos' AND c.is_given AND c.revoked_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'child_photos_consent'); END;

CREATE TRIGGER child_consents_text BEFORE INSERT ON child_consents
WHEN NOT EXISTS (SELECT 1 FROM consent_texts t WHERE t.id = NEW.text_id AND t.purpose = NEW.purpose)
BEGIN SELECT RAISE(ABORT, 'child_consents_text'); END;

CREATE TRIGGER ways_home_alone_insert BEFORE INSERT ON ways_home
WHEN NEW.way = 'alone' AND NOT EXISTS (SELECT 1 FROM child_consents c JOIN enrolments e ON e.child_id =
  c.child_id WHERE c.id = NEW.consent_id AND e.id = NEW.enrolment_id AND c.purpose = 'walking_alone' AND
  c.is_given AND c.revoked_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'ways_home_alone'); END;

CREATE TRIGGER ways_home_alone_update BEFORE UPDATE ON ways_home
WHEN NEW.way = 'alone' AND NOT EXISTS (SELECT 1 FROM child_consents c JOIN enrolments e ON e.child_id =
  c.child_id WHERE c.id = NEW.consent_id AND e.id = NEW.enrolment_id AND c.purpose = 'walking_alone' AND
  c.is_given AND c.revoked_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'ways_home_alone'); END;

CREATE TRIGGER plan_changes_alone BEFORE INSERT ON plan_changes
WHEN NEW.what = 'alone' AND NOT EXISTS (SELECT 1 FROM child_consents c JOIN enrolments e ON e.child_id =
  c.child_id WHERE c.id = NEW.consent_id AND e.id = NEW.enrolment_id AND c.purpose = 'walking_alone' AND
  c.is_given AND c.revoked_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'plan_changes_alone'); END;

CREATE TRIGGER collection_bars_forward BEFORE UPDATE ON collection_bars
WHEN OLD.lifted_at IS NOT NULL AND (NEW.lifted_at IS NOT OLD.lifted_at OR NEW.level <> OLD.level) OR
  NEW.child_id <> OLD.child_id OR NEW.set_at <> OLD.set_at
BEGIN SELECT RAISE(ABORT, 'collection_bars_forward'); END;

CREATE TRIGGER custody_events_hold BEFORE INSERT ON custody_events
WHEN NEW.outcome NOT IN ('refused', 'undone') AND (NEW.holder = 'collector' AND (NOT (NEW.flag IS NOT NULL AND
  NEW.flag = 'barred_meanwhile' AND NEW.is_offline) AND EXISTS (SELECT 1 FROM collection_bars b LEFT JOIN
  collectors k ON k.id = NEW.collector_id WHERE b.child_id = NEW.child_id AND b.level = 'deny' AND b.set_at <=
  NEW.at AND (b.lifted_at IS NULL OR b.lifted_at > NEW.at) AND (b.person_id = k.person_id OR trim(b.name) =
  trim(k.name) OR trim(b.name) = trim(NEW.other_name))) OR NEW.collector_id IS NOT NULL AND NEW.flag IS NULL
  AND NOT EXISTS (SELECT 1 FROM collectors k WHERE k.id = NEW.collector_id AND k.starts_on <= NEW.on_date AND
  (k.ends_on IS NULL OR k.ends_on >= NEW.on_date) AND (k.revoked_at IS NULL OR k.revoked_at > NEW.at)) OR
  NEW.collector_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM collectors k WHERE k.id = NEW.collector_id AND
  k.child_id = NEW.child_id)) OR NEW.holder = 'alone' AND NOT EXISTS (SELECT 1 FROM child_consents c WHERE c.id
  = NEW.consent_id AND c.child_id = NEW.child_id AND c.purpose = 'walking_alone' AND c.is_given AND
  (c.revoked_at IS NULL OR c.revoked_at > NEW.at OR NEW.flag IS NOT NULL)))
BEGIN SELECT RAISE(ABORT, 'custody_events_hold'); END;

CREATE TRIGGER custody_chain BEFORE INSERT ON custody
WHEN NOT EXISTS (SELECT 1 FROM custody_events e WHERE e.id = NEW.event_id AND e.child_id = NEW.child_id AND
  e.holder = NEW.holder AND e.outcome NOT IN ('refused', 'undone')) OR NOT NEW.is_correction AND EXISTS (SELECT
  1 FROM custody c WHERE c.id = NEW.prev_id AND c.since_at > NEW.since_at)
BEGIN SELECT RAISE(ABORT, 'custody_chain'); END;

CREATE TRIGGER custody_follow AFTER INSERT ON custody
BEGIN INSERT INTO holdings (child_id, custody_id) VALUES (NEW.child_id, NEW.id)
  ON CONFLICT (child_id) DO UPDATE SET custody_id = NEW.id; END;

CREATE TRIGGER holdings_last_insert BEFORE INSERT ON holdings
WHEN EXISTS (SELECT 1 FROM custody c WHERE c.prev_id = NEW.custody_id) OR NOT EXISTS (SELECT 1 FROM custody c
  WHERE c.id = NEW.custody_id AND c.child_id = NEW.child_id)
BEGIN SELECT RAISE(ABORT, 'holdings_last'); END;

CREATE TRIGGER holdings_last_update BEFORE UPDATE ON holdings
WHEN EXISTS (SELECT 1 FROM custody c WHERE c.prev_id = NEW.custody_id) OR NOT EXISTS (SELECT 1 FROM custody c
  WHERE c.id = NEW.custody_id AND c.child_id = NEW.child_id)
BEGIN SELECT RAISE(ABORT, 'holdings_last'); END;

CREATE TRIGGER holdings_no_delete BEFORE DELETE ON holdings
BEGIN SELECT RAISE(ABORT, 'holdings_last'); END;

CREATE TRIGGER care_duties_checked_insert BEFORE INSERT ON care_duties
WHEN NOT EXISTS (SELECT 1 FROM staff_checks c JOIN term_days d ON d.id = NEW.day_id WHERE c.person_id =
  NEW.person_id AND c.kind = 'record' AND c.revoked_at IS NULL AND c.made_on <= d.on_date AND c.valid_until >=
  d.on_date) OR (NEW.role IN ('responsible', 'teacher') AND EXISTS (SELECT 1 FROM term_days d JOIN terms t ON
  t.id = d.term_id WHERE d.id = NEW.day_id AND t.needs_first_aid) AND NOT EXISTS (SELECT 1 FROM staff_checks c
  JOIN term_days d ON d.id = NEW.day_id WHERE c.person_id = NEW.person_id AND c.kind = 'first_aid' AND
  c.revoked_at IS NULL AND c.made_on <= d.on_date AND c.valid_until >= d.on_date))
BEGIN SELECT RAISE(ABORT, 'care_duties_checked'); END;

CREATE TRIGGER care_duties_checked_update BEFORE UPDATE ON care_duties
WHEN NOT EXISTS (SELECT 1 FROM staff_checks c JOIN term_days d ON d.id = NEW.day_id WHERE c.person_id =
  NEW.person_id AND c.kind = 'record' AND c.revoked_at IS NULL AND c.made_on <= d.on_date AND c.valid_until >=
  d.on_date) OR (NEW.role IN ('responsible', 'teacher') AND EXISTS (SELECT 1 FROM term_days d JOIN terms t ON
  t.id = d.term_id WHERE d.id = NEW.day_id AND t.needs_first_aid) AND NOT EXISTS (SELECT 1 FROM staff_checks c
  JOIN term_days d ON d.id = NEW.day_id WHERE c.person_id = NEW.person_id AND c.kind = 'first_aid' AND
  c.revoked_at IS NULL AND c.made_on <= d.on_date AND c.valid_until >= d.on_date))
BEGIN SELECT RAISE(ABORT, 'care_duties_checked'); END;

CREATE TRIGGER pick_up_codes_once BEFORE UPDATE ON pick_up_codes
WHEN OLD.used_at IS NOT NULL OR NEW.child_id <> OLD.child_id OR NEW.on_date <> OLD.on_date OR (NEW.tries <
  OLD.tries AND NEW.code_hash = OLD.code_hash)
BEGIN SELECT RAISE(ABORT, 'pick_up_codes_once'); END;

CREATE TRIGGER enrolments_stay BEFORE DELETE ON enrolments
WHEN OLD.id IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'enrolments_stay'); END;

CREATE TRIGGER term_days_close BEFORE UPDATE ON term_days
WHEN NEW.closed_at IS NOT NULL AND OLD.closed_at IS NULL AND EXISTS (SELECT 1 FROM holdings h JOIN custody c ON
  c.id = h.custody_id JOIN custody_events e ON e.id = c.event_id WHERE e.day_id = OLD.id AND c.holder IN
  ('room', 'on_the_way'))
BEGIN SELECT RAISE(ABORT, 'term_days_close'); END;
"""
POSTGRESQL = """
CREATE FUNCTION term_rules_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM attendance_refuses('term_rules_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER term_rules_append_only BEFORE UPDATE OR DELETE ON term_rules
FOR EACH ROW EXECUTE FUNCTION term_rules_append_only();

CREATE TRIGGER term_rules_no_truncate BEFORE TRUNCATE ON term_rules
FOR EACH STATEMENT EXECUTE FUNCTION term_rules_append_only();

CREATE FUNCTION rule_paragraphs_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM attendance_refuses('rule_paragraphs_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER rule_paragraphs_append_only BEFORE UPDATE OR DELETE ON rule_paragraphs
FOR EACH ROW EXECUTE FUNCTION rule_paragraphs_append_only();

CREATE TRIGGER rule_paragraphs_no_truncate BEFORE TRUNCATE ON rule_paragraphs
FOR EACH STATEMENT EXECUTE FUNCTION rule_paragraphs_append_only();

CREATE FUNCTION consent_texts_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM attendance_refuses('consent_texts_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER consent_texts_append_only BEFORE UPDATE OR DELETE ON consent_texts
FOR EACH ROW EXECUTE FUNCTION consent_texts_append_only();

CREATE TRIGGER consent_texts_no_truncate BEFORE TRUNCATE ON consent_texts
FOR EACH STATEMENT EXECUTE FUNCTION consent_texts_append_only();

CREATE FUNCTION staffing_events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM attendance_refuses('staffing_events_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER staffing_events_append_only BEFORE UPDATE OR DELETE ON staffing_events
FOR EACH ROW EXECUTE FUNCTION staffing_events_append_only();

CREATE TRIGGER staffing_events_no_truncate BEFORE TRUNCATE ON staffing_events
FOR EACH STATEMENT EXECUTE FUNCTION staffing_events_append_only();

CREATE FUNCTION deletion_proofs_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM attendance_refuses('deletion_proofs_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER deletion_proofs_append_only BEFORE UPDATE OR DELETE ON deletion_proofs
FOR EACH ROW EXECUTE FUNCTION deletion_proofs_append_only();

CREATE TRIGGER deletion_proofs_no_truncate BEFORE TRUNCATE ON deletion_proofs
FOR EACH STATEMENT EXECUTE FUNCTION deletion_proofs_append_only();

CREATE FUNCTION room_checks_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM attendance_refuses('room_checks_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER room_checks_append_only BEFORE UPDATE OR DELETE ON room_checks
FOR EACH ROW EXECUTE FUNCTION room_checks_append_only();

CREATE TRIGGER room_checks_no_truncate BEFORE TRUNCATE ON room_checks
FOR EACH STATEMENT EXECUTE FUNCTION room_checks_append_only();

CREATE FUNCTION head_counts_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM attendance_refuses('head_counts_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER head_counts_append_only BEFORE UPDATE OR DELETE ON head_counts
FOR EACH ROW EXECUTE FUNCTION head_counts_append_only();

CREATE TRIGGER head_counts_no_truncate BEFORE TRUNCATE ON head_counts
FOR EACH STATEMENT EXECUTE FUNCTION head_counts_append_only();

CREATE FUNCTION bar_decisions_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM attendance_refuses('bar_decisions_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER bar_decisions_append_only BEFORE UPDATE OF id, event_id, is_allowed, by_id, at OR DELETE ON bar_decisions
FOR EACH ROW EXECUTE FUNCTION bar_decisions_append_only();

CREATE TRIGGER bar_decisions_no_truncate BEFORE TRUNCATE ON bar_decisions
FOR EACH STATEMENT EXECUTE FUNCTION bar_decisions_append_only();

CREATE FUNCTION custody_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM attendance_refuses('custody_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER custody_append_only BEFORE UPDATE OR DELETE ON custody
FOR EACH ROW EXECUTE FUNCTION custody_append_only();

CREATE TRIGGER custody_no_truncate BEFORE TRUNCATE ON custody
FOR EACH STATEMENT EXECUTE FUNCTION custody_append_only();

CREATE FUNCTION enrolment_events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.reason IN ('', '–') AND NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.enrolment_id IS NOT DISTINCT
      FROM OLD.enrolment_id AND NEW.at IS NOT DISTINCT FROM OLD.at AND NEW.by_id IS NOT DISTINCT FROM OLD.by_id
      AND NEW.what IS NOT DISTINCT FROM OLD.what AND NEW.paragraph_id IS NOT DISTINCT FROM OLD.paragraph_id AND
      EXISTS (SELECT 1 FROM enrolments e JOIN people p ON p.id = e.child_id WHERE e.id = OLD.enrolment_id AND
      p.erased_at IS NOT NULL)) THEN
      RETURN NEW;
    END IF;
  END IF;
  PERFORM attendance_refuses('enrolment_events_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER enrolment_events_append_only BEFORE UPDATE OR DELETE ON enrolment_events
FOR EACH ROW EXECUTE FUNCTION enrolment_events_append_only();

CREATE TRIGGER enrolment_events_no_truncate BEFORE TRUNCATE ON enrolment_events
FOR EACH STATEMENT EXECUTE FUNCTION enrolment_events_append_only();

CREATE FUNCTION custody_events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.other_name IN ('', '–') AND NEW.brought_by IN ('', '–') AND NEW.approved_on IN ('', '–') AND
      NEW.bus IN ('', '–') AND NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.child_id IS NOT DISTINCT FROM
      OLD.child_id AND NEW.on_date IS NOT DISTINCT FROM OLD.on_date AND NEW.day_id IS NOT DISTINCT FROM
      OLD.day_id AND NEW.class_id IS NOT DISTINCT FROM OLD.class_id AND NEW.holder IS NOT DISTINCT FROM
      OLD.holder AND NEW.with_id IS NOT DISTINCT FROM OLD.with_id AND NEW.collector_id IS NOT DISTINCT FROM
      OLD.collector_id AND NEW.consent_id IS NOT DISTINCT FROM OLD.consent_id AND NEW.checked_by IS NOT
      DISTINCT FROM OLD.checked_by AND NEW.child_agreed IS NOT DISTINCT FROM OLD.child_agreed AND NEW.second_id
      IS NOT DISTINCT FROM OLD.second_id AND NEW.approved_by_id IS NOT DISTINCT FROM OLD.approved_by_id AND
      NEW.at IS NOT DISTINCT FROM OLD.at AND NEW.recorded_at IS NOT DISTINCT FROM OLD.recorded_at AND NEW.by_id
      IS NOT DISTINCT FROM OLD.by_id AND NEW.device_id IS NOT DISTINCT FROM OLD.device_id AND NEW.device_at IS
      NOT DISTINCT FROM OLD.device_at AND NEW.is_offline IS NOT DISTINCT FROM OLD.is_offline AND NEW.nonce IS
      NOT DISTINCT FROM OLD.nonce AND NEW.digest IS NOT DISTINCT FROM OLD.digest AND NEW.outcome IS NOT
      DISTINCT FROM OLD.outcome AND NEW.why IS NOT DISTINCT FROM OLD.why AND NEW.flag IS NOT DISTINCT FROM
      OLD.flag AND NEW.undoes_id IS NOT DISTINCT FROM OLD.undoes_id AND EXISTS (SELECT 1 FROM people p WHERE
      p.id = OLD.child_id AND p.erased_at IS NOT NULL)) THEN
      RETURN NEW;
    END IF;
  END IF;
  PERFORM attendance_refuses('custody_events_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER custody_events_append_only BEFORE UPDATE OR DELETE ON custody_events
FOR EACH ROW EXECUTE FUNCTION custody_events_append_only();

CREATE TRIGGER custody_events_no_truncate BEFORE TRUNCATE ON custody_events
FOR EACH STATEMENT EXECUTE FUNCTION custody_events_append_only();

CREATE FUNCTION alarm_rings_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.number IN ('', '–') AND NEW.said IN ('', '–') AND NEW.id IS NOT DISTINCT FROM OLD.id AND
      NEW.alarm_id IS NOT DISTINCT FROM OLD.alarm_id AND NEW.guardian_id IS NOT DISTINCT FROM OLD.guardian_id
      AND NEW.is_reached IS NOT DISTINCT FROM OLD.is_reached AND NEW.by_id IS NOT DISTINCT FROM OLD.by_id AND
      NEW.at IS NOT DISTINCT FROM OLD.at AND EXISTS (SELECT 1 FROM people p WHERE p.erased_at IS NOT NULL AND
      (p.id = OLD.guardian_id OR p.id = (SELECT a.child_id FROM care_alarms a WHERE a.id = OLD.alarm_id))))
      THEN
      RETURN NEW;
    END IF;
  END IF;
  PERFORM attendance_refuses('alarm_rings_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER alarm_rings_append_only BEFORE UPDATE OR DELETE ON alarm_rings
FOR EACH ROW EXECUTE FUNCTION alarm_rings_append_only();

CREATE TRIGGER alarm_rings_no_truncate BEFORE TRUNCATE ON alarm_rings
FOR EACH STATEMENT EXECUTE FUNCTION alarm_rings_append_only();

CREATE FUNCTION plan_changes_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.rang_from IN ('', '–') AND NEW.rang_back IN ('', '–') AND NEW.bus IN ('', '–') AND NEW.id IS NOT
      DISTINCT FROM OLD.id AND NEW.enrolment_id IS NOT DISTINCT FROM OLD.enrolment_id AND NEW.on_date IS NOT
      DISTINCT FROM OLD.on_date AND NEW.what IS NOT DISTINCT FROM OLD.what AND NEW.collector_id IS NOT DISTINCT
      FROM OLD.collector_id AND NEW.sibling_id IS NOT DISTINCT FROM OLD.sibling_id AND NEW.leaves IS NOT
      DISTINCT FROM OLD.leaves AND NEW.consent_id IS NOT DISTINCT FROM OLD.consent_id AND NEW.by_id IS NOT
      DISTINCT FROM OLD.by_id AND NEW.at IS NOT DISTINCT FROM OLD.at AND NEW.recorded_by_id IS NOT DISTINCT
      FROM OLD.recorded_by_id AND NEW.is_after_cut_off IS NOT DISTINCT FROM OLD.is_after_cut_off AND
      NEW.acknowledged_at IS NOT DISTINCT FROM OLD.acknowledged_at AND NEW.acknowledged_by_id IS NOT DISTINCT
      FROM OLD.acknowledged_by_id AND EXISTS (SELECT 1 FROM enrolments e JOIN people p ON p.id = e.child_id
      WHERE e.id = OLD.enrolment_id AND p.erased_at IS NOT NULL)) OR (OLD.acknowledged_at IS NULL AND NEW.id IS
      NOT DISTINCT FROM OLD.id AND NEW.enrolment_id IS NOT DISTINCT FROM OLD.enrolment_id AND NEW.on_date IS
      NOT DISTINCT FROM OLD.on_date AND NEW.what IS NOT DISTINCT FROM OLD.what AND NEW.collector_id IS NOT
      DISTINCT FROM OLD.collector_id AND NEW.sibling_id IS NOT DISTINCT FROM OLD.sibling_id AND NEW.bus IS NOT
      DISTINCT FROM OLD.bus AND NEW.leaves IS NOT DISTINCT FROM OLD.leaves AND NEW.consent_id IS NOT DISTINCT
      FROM OLD.consent_id AND NEW.by_id IS NOT DISTINCT FROM OLD.by_id AND NEW.at IS NOT DISTINCT FROM OLD.at
      AND NEW.recorded_by_id IS NOT DISTINCT FROM OLD.recorded_by_id AND NEW.is_after_cut_off IS NOT DISTINCT
      FROM OLD.is_after_cut_off AND NEW.rang_from IS NOT DISTINCT FROM OLD.rang_from AND NEW.rang_back IS NOT
      DISTINCT FROM OLD.rang_back) THEN
      RETURN NEW;
    END IF;
  END IF;
  PERFORM attendance_refuses('plan_changes_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER plan_changes_append_only BEFORE UPDATE OR DELETE ON plan_changes
FOR EACH ROW EXECUTE FUNCTION plan_changes_append_only();

CREATE TRIGGER plan_changes_no_truncate BEFORE TRUNCATE ON plan_changes
FOR EACH STATEMENT EXECUTE FUNCTION plan_changes_append_only();

CREATE FUNCTION care_alarms_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.answer IN ('', '–') AND NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.on_date IS NOT DISTINCT FROM
      OLD.on_date AND NEW.kind IS NOT DISTINCT FROM OLD.kind AND NEW.subject IS NOT DISTINCT FROM OLD.subject
      AND NEW.child_id IS NOT DISTINCT FROM OLD.child_id AND NEW.event_id IS NOT DISTINCT FROM OLD.event_id AND
      NEW.change_id IS NOT DISTINCT FROM OLD.change_id AND NEW.level IS NOT DISTINCT FROM OLD.level AND
      NEW.raised_at IS NOT DISTINCT FROM OLD.raised_at AND NEW.escalated_at IS NOT DISTINCT FROM
      OLD.escalated_at AND NEW.ended_at IS NOT DISTINCT FROM OLD.ended_at AND NEW.ended_by_id IS NOT DISTINCT
      FROM OLD.ended_by_id AND NEW.found IS NOT DISTINCT FROM OLD.found AND
      EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.child_id AND p.erased_at IS NOT
      NULL)) OR (OLD.ended_at IS NULL AND NEW.level >= OLD.level AND NEW.id IS NOT DISTINCT FROM OLD.id AND
      NEW.on_date IS NOT DISTINCT FROM OLD.on_date AND NEW.kind IS NOT DISTINCT FROM OLD.kind AND NEW.subject
      IS NOT DISTINCT FROM OLD.subject AND NEW.child_id IS NOT DISTINCT FROM OLD.child_id AND NEW.event_id IS
      NOT DISTINCT FROM OLD.event_id AND NEW.change_id IS NOT DISTINCT FROM OLD.change_id AND NEW.raised_at IS
      NOT DISTINCT FROM OLD.raised_at) THEN
      RETURN NEW;
    END IF;
  END IF;
  PERFORM attendance_refuses('care_alarms_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER care_alarms_append_only BEFORE UPDATE OR DELETE ON care_alarms
FOR EACH ROW EXECUTE FUNCTION care_alarms_append_only();

CREATE TRIGGER care_alarms_no_truncate BEFORE TRUNCATE ON care_alarms
FOR EACH STATEMENT EXECUTE FUNCTION care_alarms_append_only();

CREATE FUNCTION incidents_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.child_id IS NOT DISTINCT FROM OLD.child_id AND NEW.on_date
      IS NOT DISTINCT FROM OLD.on_date AND NEW.at IS NOT DISTINCT FROM OLD.at AND NEW.place IS NOT DISTINCT
      FROM OLD.place AND NEW.by_id IS NOT DISTINCT FROM OLD.by_id AND NEW.recorded_at IS NOT DISTINCT FROM
      OLD.recorded_at AND split_part(NEW.what, ':', 2) <> split_part(OLD.what, ':', 2) AND split_part(NEW.done,
      ':', 2) <> split_part(OLD.done, ':', 2)) THEN
      RETURN NEW;
    END IF;
  END IF;
  IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.child_id AND p.erased_at IS NOT NULL) THEN
      RETURN OLD;
    END IF;
  END IF;
  PERFORM attendance_refuses('incidents_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER incidents_append_only BEFORE UPDATE OR DELETE ON incidents
FOR EACH ROW EXECUTE FUNCTION incidents_append_only();

CREATE TRIGGER incidents_no_truncate BEFORE TRUNCATE ON incidents
FOR EACH STATEMENT EXECUTE FUNCTION incidents_append_only();

CREATE FUNCTION incident_steps_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.incident_id IS NOT DISTINCT FROM OLD.incident_id AND
      NEW.stage IS NOT DISTINCT FROM OLD.stage AND NEW.person_id IS NOT DISTINCT FROM OLD.person_id AND
      NEW.by_id IS NOT DISTINCT FROM OLD.by_id AND NEW.at IS NOT DISTINCT FROM OLD.at AND split_part(NEW.words,
      ':', 2) <> split_part(OLD.words, ':', 2)) THEN
      RETURN NEW;
    END IF;
  END IF;
  IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT 1 FROM incidents i JOIN people p ON p.id = i.child_id WHERE i.id = OLD.incident_id AND
      p.erased_at IS NOT NULL) THEN
      RETURN OLD;
    END IF;
  END IF;
  PERFORM attendance_refuses('incident_steps_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER incident_steps_append_only BEFORE UPDATE OR DELETE ON incident_steps
FOR EACH ROW EXECUTE FUNCTION incident_steps_append_only();

CREATE TRIGGER incident_steps_no_truncate BEFORE TRUNCATE ON incident_steps
FOR EACH STATEMENT EXECUTE FUNCTION incident_steps_append_only();

CREATE FUNCTION child_consents_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL AND NEW.id IS NOT DISTINCT FROM OLD.id AND
      NEW.child_id IS NOT DISTINCT FROM OLD.child_id AND NEW.purpose IS NOT DISTINCT FROM OLD.purpose AND
      NEW.text_id IS NOT DISTINCT FROM OLD.text_id AND NEW.is_given IS NOT DISTINCT FROM OLD.is_given AND
      NEW.by_id IS NOT DISTINCT FROM OLD.by_id AND NEW.recorded_by_id IS NOT DISTINCT FROM OLD.recorded_by_id
      AND NEW.means IS NOT DISTINCT FROM OLD.means AND NEW.at IS NOT DISTINCT FROM OLD.at AND NOT EXISTS
      (SELECT 1 FROM health_notes n WHERE n.consent_id = OLD.id) AND NOT EXISTS (SELECT 1 FROM child_photos f
      WHERE f.consent_id = OLD.id)) THEN
      RETURN NEW;
    END IF;
  END IF;
  PERFORM attendance_refuses('child_consents_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER child_consents_append_only BEFORE UPDATE OR DELETE ON child_consents
FOR EACH ROW EXECUTE FUNCTION child_consents_append_only();

CREATE TRIGGER child_consents_no_truncate BEFORE TRUNCATE ON child_consents
FOR EACH STATEMENT EXECUTE FUNCTION child_consents_append_only();

CREATE FUNCTION health_notes_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM child_consents WHERE id = NEW.consent_id FOR SHARE;
  IF NOT EXISTS (SELECT 1 FROM child_consents c WHERE c.id = NEW.consent_id AND c.child_id = NEW.child_id AND
    c.purpose = 'health' AND c.is_given AND c.revoked_at IS NULL) THEN
    PERFORM attendance_refuses('health_notes_consent');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER health_notes_consent BEFORE INSERT OR UPDATE ON health_notes
FOR EACH ROW EXECUTE FUNCTION health_notes_consent();

CREATE FUNCTION child_photos_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM child_consents WHERE id = NEW.consent_id FOR SHARE;
  IF NOT EXISTS (SELECT 1 FROM child_consents c WHERE c.id = NEW.consent_id AND c.child_id = NEW.child_id AND
    c.purpose = 'photos' AND c.is_given AND c.revoked_at IS NULL) THEN
    PERFORM attendance_refuses('child_photos_consent');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER child_photos_consent BEFORE INSERT OR UPDATE ON child_photos
FOR EACH ROW EXECUTE FUNCTION child_photos_consent();

CREATE FUNCTION child_consents_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM consent_texts t WHERE t.id = NEW.text_id AND t.purpose = NEW.purpose) THEN
    PERFORM attendance_refuses('child_consents_text');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER child_consents_text BEFORE INSERT ON child_consents
FOR EACH ROW EXECUTE FUNCTION child_consents_text();

CREATE FUNCTION ways_home_alone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM child_consents WHERE id = NEW.consent_id FOR SHARE;
  IF NEW.way = 'alone' AND NOT EXISTS (SELECT 1 FROM child_consents c JOIN enrolments e ON e.child_id =
    c.child_id WHERE c.id = NEW.consent_id AND e.id = NEW.enrolment_id AND c.purpose = 'walking_alone' AND
    c.is_given AND c.revoked_at IS NULL) THEN
    PERFORM attendance_refuses('ways_home_alone');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER ways_home_alone BEFORE INSERT OR UPDATE ON ways_home
FOR EACH ROW EXECUTE FUNCTION ways_home_alone();

CREATE FUNCTION plan_changes_alone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM child_consents WHERE id = NEW.consent_id FOR SHARE;
  IF NEW.what = 'alone' AND NOT EXISTS (SELECT 1 FROM child_consents c JOIN enrolments e ON e.child_id =
    c.child_id WHERE c.id = NEW.consent_id AND e.id = NEW.enrolment_id AND c.purpose = 'walking_alone' AND
    c.is_given AND c.revoked_at IS NULL) THEN
    PERFORM attendance_refuses('plan_changes_alone');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER plan_changes_alone BEFORE INSERT ON plan_changes
FOR EACH ROW EXECUTE FUNCTION plan_changes_alone();

CREATE FUNCTION collection_bars_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.lifted_at IS NOT NULL AND (NEW.lifted_at IS DISTINCT FROM OLD.lifted_at OR NEW.level <> OLD.level) OR
    NEW.child_id <> OLD.child_id OR NEW.set_at <> OLD.set_at THEN
    PERFORM attendance_refuses('collection_bars_forward');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER collection_bars_forward BEFORE UPDATE ON collection_bars
FOR EACH ROW EXECUTE FUNCTION collection_bars_forward();

CREATE FUNCTION custody_events_hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.outcome NOT IN ('refused', 'undone') AND (NEW.holder = 'collector' AND (NOT (NEW.flag IS NOT NULL AND
    NEW.flag = 'barred_meanwhile' AND NEW.is_offline) AND EXISTS (SELECT 1 FROM collection_bars b LEFT JOIN
    collectors k ON k.id = NEW.collector_id WHERE b.child_id = NEW.child_id AND b.level = 'deny' AND b.set_at
    <= NEW.at AND (b.lifted_at IS NULL OR b.lifted_at > NEW.at) AND (b.person_id = k.person_id OR trim(b.name)
    = trim(k.name) OR trim(b.name) = trim(NEW.other_name))) OR NEW.collector_id IS NOT NULL AND NEW.flag IS
    NULL AND NOT EXISTS (SELECT 1 FROM collectors k WHERE k.id = NEW.collector_id AND k.starts_on <=
    NEW.on_date AND (k.ends_on IS NULL OR k.ends_on >= NEW.on_date) AND (k.revoked_at IS NULL OR k.revoked_at >
    NEW.at)) OR NEW.collector_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM collectors k WHERE k.id =
    NEW.collector_id AND k.child_id = NEW.child_id)) OR NEW.holder = 'alone' AND NOT EXISTS (SELECT 1 FROM
    child_consents c WHERE c.id = NEW.consent_id AND c.child_id = NEW.child_id AND c.purpose = 'walking_alone'
    AND c.is_given AND (c.revoked_at IS NULL OR c.revoked_at > NEW.at OR NEW.flag IS NOT NULL))) THEN
    PERFORM attendance_refuses('custody_events_hold');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER custody_events_hold BEFORE INSERT ON custody_events
FOR EACH ROW EXECUTE FUNCTION custody_events_hold();

CREATE FUNCTION custody_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM custody_events e WHERE e.id = NEW.event_id AND e.child_id = NEW.child_id AND
    e.holder = NEW.holder AND e.outcome NOT IN ('refused', 'undone')) OR NOT NEW.is_correction AND EXISTS
    (SELECT 1 FROM custody c WHERE c.id = NEW.prev_id AND c.since_at > NEW.since_at) THEN
    PERFORM attendance_refuses('custody_chain');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER custody_chain BEFORE INSERT ON custody
FOR EACH ROW EXECUTE FUNCTION custody_chain();

CREATE FUNCTION custody_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO holdings (child_id, custody_id) VALUES (NEW.child_id, NEW.id)
  ON CONFLICT (child_id) DO UPDATE SET custody_id = NEW.id;
  RETURN NULL;
END $$;

CREATE TRIGGER custody_follow AFTER INSERT ON custody
FOR EACH ROW EXECUTE FUNCTION custody_follow();

CREATE FUNCTION holdings_last() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM custody c WHERE c.prev_id = NEW.custody_id) OR NOT EXISTS (SELECT 1 FROM custody c
    WHERE c.id = NEW.custody_id AND c.child_id = NEW.child_id) THEN
    PERFORM attendance_refuses('holdings_last');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER holdings_last BEFORE INSERT OR UPDATE ON holdings
FOR EACH ROW EXECUTE FUNCTION holdings_last();

CREATE FUNCTION holdings_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM attendance_refuses('holdings_last');
  RETURN NULL;
END $$;

CREATE TRIGGER holdings_no_delete BEFORE DELETE ON holdings
FOR EACH ROW EXECUTE FUNCTION holdings_stay();

CREATE TRIGGER holdings_no_truncate BEFORE TRUNCATE ON holdings
FOR EACH STATEMENT EXECUTE FUNCTION holdings_stay();

CREATE FUNCTION care_duties_checked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM staff_checks WHERE person_id = NEW.person_id FOR SHARE;
  IF NOT EXISTS (SELECT 1 FROM staff_checks c JOIN term_days d ON d.id = NEW.day_id WHERE c.person_id =
    NEW.person_id AND c.kind = 'record' AND c.revoked_at IS NULL AND c.made_on <= d.on_date AND c.valid_until
    >= d.on_date) OR (NEW.role IN ('responsible', 'teacher') AND EXISTS (SELECT 1 FROM term_days d JOIN terms t
    ON t.id = d.term_id WHERE d.id = NEW.day_id AND t.needs_first_aid) AND NOT EXISTS (SELECT 1 FROM
    staff_checks c JOIN term_days d ON d.id = NEW.day_id WHERE c.person_id = NEW.person_id AND c.kind =
    'first_aid' AND c.revoked_at IS NULL AND c.made_on <= d.on_date AND c.valid_until >= d.on_date)) THEN
    PERFORM attendance_refuses('care_duties_checked');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER care_duties_checked BEFORE INSERT OR UPDATE ON care_duties
FOR EACH ROW EXECUTE FUNCTION care_duties_checked();

CREATE FUNCTION pick_up_codes_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.used_at IS NOT NULL OR NEW.child_id <> OLD.child_id OR NEW.on_date <> OLD.on_date OR (NEW.tries <
    OLD.tries AND NEW.code_hash = OLD.code_hash) THEN
    PERFORM attendance_refuses('pick_up_codes_once');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER pick_up_codes_once BEFORE UPDATE ON pick_up_codes
FOR EACH ROW EXECUTE FUNCTION pick_up_codes_once();

CREATE FUNCTION enrolments_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.id IS NOT NULL THEN
    PERFORM attendance_refuses('enrolments_stay');
  END IF;
  RETURN OLD;
END $$;

CREATE TRIGGER enrolments_stay BEFORE DELETE ON enrolments
FOR EACH ROW EXECUTE FUNCTION enrolments_stay();

CREATE FUNCTION term_days_close() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.closed_at IS NOT NULL AND OLD.closed_at IS NULL AND EXISTS (SELECT 1 FROM holdings h JOIN custody c ON
    c.id = h.custody_id JOIN custody_events e ON e.id = c.event_id WHERE e.day_id = OLD.id AND c.holder IN
    ('room', 'on_the_way')) THEN
    PERFORM attendance_refuses('term_days_close');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER term_days_close BEFORE UPDATE ON term_days
FOR EACH ROW EXECUTE FUNCTION term_days_close();
"""


def upgrade() -> None:
    op.create_table(
        "consent_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "care",
                "health",
                "photos",
                "walking_alone",
                name="consent_purpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("words_en", sa.Text(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_texts")),
        sa.UniqueConstraint("purpose", "version", name=op.f("uq_consent_texts_purpose_version")),
    )
    op.create_table(
        "schools",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column(
            "sort_key",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schools")),
        sa.UniqueConstraint("name", name=op.f("uq_schools_name")),
    )
    op.create_table(
        "school_exceptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("finishes", sa.Time(), nullable=True),
        sa.Column("reason", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_school_exceptions_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_exceptions")),
        sa.UniqueConstraint("school_id", "on_date", name=op.f("uq_school_exceptions_school_id_on_date")),
    )
    op.create_table(
        "child_accesses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=False),
        sa.Column("granted_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("trim(reason) <> ''", name=op.f("ck_child_accesses_reason")),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name=op.f("ck_child_accesses_revoked")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_child_accesses_dates")),
        sa.ForeignKeyConstraint(["granted_by_id"], ["people.id"], name=op.f("fk_child_accesses_granted_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_child_accesses_person_id")),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["people.id"], name=op.f("fk_child_accesses_revoked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_accesses")),
    )
    op.create_index("ix_child_accesses_person", "child_accesses", ["person_id", "ends_on"], unique=False)

    op.create_table(
        "child_consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "care",
                "health",
                "photos",
                "walking_alone",
                name="child_consent_purpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "means",
            sa.Enum(
                "account", "paper", name="child_consent_means", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name=op.f("ck_child_consents_revoked")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_child_consents_by_id")),
        sa.ForeignKeyConstraint(["child_id"], ["people.id"], name=op.f("fk_child_consents_child_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["people.id"], name=op.f("fk_child_consents_recorded_by_id")),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["people.id"], name=op.f("fk_child_consents_revoked_by_id")),
        sa.ForeignKeyConstraint(["text_id"], ["consent_texts.id"], name=op.f("fk_child_consents_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_consents")),
    )
    op.create_index("ix_child_consents_child", "child_consents", ["child_id", "id"], unique=False)
    op.create_index(
        "uq_child_consents_live",
        "child_consents",
        ["child_id", "purpose"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )

    op.create_table(
        "collection_bars",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum("alert", "deny", name="bar_level", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("looks", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_why", sa.String(length=200), nullable=False),
        sa.CheckConstraint("level <> 'deny' OR trim(document) <> ''", name=op.f("ck_collection_bars_document")),
        sa.CheckConstraint("(lifted_at IS NULL) = (lifted_by_id IS NULL)", name=op.f("ck_collection_bars_lifted")),
        sa.ForeignKeyConstraint(["child_id"], ["people.id"], name=op.f("fk_collection_bars_child_id")),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["people.id"], name=op.f("fk_collection_bars_lifted_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_collection_bars_person_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["people.id"], name=op.f("fk_collection_bars_set_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_bars")),
    )
    op.create_index("ix_collection_bars_child", "collection_bars", ["child_id", "id"], unique=False)
    op.create_index(op.f("ix_collection_bars_person_id"), "collection_bars", ["person_id"], unique=False)

    op.create_table(
        "collectors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("photo_file", sa.String(length=80), nullable=False),
        sa.Column("photo_agreed_at", UtcDateTime(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("named_by_id", sa.Integer(), nullable=False),
        sa.Column("named_at", UtcDateTime(), nullable=False),
        sa.Column("verified_at", UtcDateTime(), nullable=True),
        sa.Column("verified_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name=op.f("ck_collectors_revoked")),
        sa.CheckConstraint("(verified_at IS NULL) = (verified_by_id IS NULL)", name=op.f("ck_collectors_verified")),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_collectors_dates")),
        sa.ForeignKeyConstraint(["child_id"], ["people.id"], name=op.f("fk_collectors_child_id")),
        sa.ForeignKeyConstraint(["named_by_id"], ["people.id"], name=op.f("fk_collectors_named_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_collectors_person_id")),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["people.id"], name=op.f("fk_collectors_revoked_by_id")),
        sa.ForeignKeyConstraint(["verified_by_id"], ["people.id"], name=op.f("fk_collectors_verified_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collectors")),
    )
    op.create_index("ix_collectors_child", "collectors", ["child_id", "id"], unique=False)
    op.create_index(op.f("ix_collectors_person_id"), "collectors", ["person_id"], unique=False)

    op.create_table(
        "incidents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_incidents_by_id")),
        sa.ForeignKeyConstraint(["child_id"], ["people.id"], name=op.f("fk_incidents_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index("ix_incidents_child", "incidents", ["child_id", "id"], unique=False)
    op.create_index("ix_incidents_day", "incidents", ["on_date", "id"], unique=False)

    op.create_table(
        "pick_up_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("slow_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("tries BETWEEN 0 AND 3", name=op.f("ck_pick_up_codes_tries")),
        sa.ForeignKeyConstraint(["child_id"], ["people.id"], name=op.f("fk_pick_up_codes_child_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_pick_up_codes_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pick_up_codes")),
        sa.UniqueConstraint("child_id", "on_date", name=op.f("uq_pick_up_codes_child_id_on_date")),
        sa.UniqueConstraint("on_date", "code_hash", name=op.f("uq_pick_up_codes_on_date_code_hash")),
    )
    op.create_table(
        "staff_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("first_aid", "record", name="staff_check", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("consented_on", sa.Date(), nullable=True),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("warned_on", sa.Date(), nullable=True),
        sa.CheckConstraint("kind <> 'record' OR consented_on IS NOT NULL", name=op.f("ck_staff_checks_consent")),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name=op.f("ck_staff_checks_revoked")),
        sa.CheckConstraint("valid_until >= made_on", name=op.f("ck_staff_checks_dates")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_staff_checks_person_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["people.id"], name=op.f("fk_staff_checks_recorded_by_id")),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["people.id"], name=op.f("fk_staff_checks_revoked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_checks")),
    )
    op.create_index("ix_staff_checks_person", "staff_checks", ["person_id", "kind", "valid_until"], unique=False)
    op.create_index(
        "ix_staff_checks_until",
        "staff_checks",
        ["valid_until"],
        unique=False,
        sqlite_where=sa.text("warned_on IS NULL AND revoked_at IS NULL"),
        postgresql_where=sa.text("warned_on IS NULL AND revoked_at IS NULL"),
    )

    op.create_table(
        "child_photos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("consent_id", sa.Integer(), nullable=False),
        sa.Column("picture", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_child_photos_by_id")),
        sa.ForeignKeyConstraint(["child_id"], ["people.id"], name=op.f("fk_child_photos_child_id")),
        sa.ForeignKeyConstraint(["consent_id"], ["child_consents.id"], name=op.f("fk_child_photos_consent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_photos")),
        sa.UniqueConstraint("child_id", name=op.f("uq_child_photos_child_id")),
    )
    op.create_index(op.f("ix_child_photos_consent_id"), "child_photos", ["consent_id"], unique=False)

    op.create_table(
        "health_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("consent_id", sa.Integer(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("reaction", sa.Text(), nullable=False),
        sa.Column("what_to_do", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_health_notes_by_id")),
        sa.ForeignKeyConstraint(["child_id"], ["people.id"], name=op.f("fk_health_notes_child_id")),
        sa.ForeignKeyConstraint(["consent_id"], ["child_consents.id"], name=op.f("fk_health_notes_consent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_health_notes")),
    )
    op.create_index(op.f("ix_health_notes_child_id"), "health_notes", ["child_id"], unique=False)
    op.create_index(op.f("ix_health_notes_consent_id"), "health_notes", ["consent_id"], unique=False)

    op.create_table(
        "incident_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "acknowledged",
                "closed",
                "follow_up",
                "told",
                name="incident_stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_incident_steps_by_id")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_incident_steps_incident_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_incident_steps_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_steps")),
    )
    op.create_index("ix_incident_steps_incident", "incident_steps", ["incident_id", "id"], unique=False)

    op.create_table(
        "terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column(
            "mode",
            sa.Enum("after_school", "full_day", name="term_mode", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("draft", "open", "ended", name="term_state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.Column("lunch_from", sa.Time(), nullable=True),
        sa.Column("lunch_until", sa.Time(), nullable=True),
        sa.Column("cut_off", sa.Time(), nullable=False),
        sa.Column("alarm_minutes", sa.Integer(), nullable=False),
        sa.Column("sibling_age", sa.Integer(), nullable=False),
        sa.Column("alone_age", sa.Integer(), nullable=False),
        sa.Column("children_per_adult", sa.Integer(), nullable=False),
        sa.Column("needs_first_aid", sa.Boolean(), nullable=False),
        sa.CheckConstraint("mode <> 'full_day' OR lunch_from IS NOT NULL", name=op.f("ck_terms_full_day")),
        sa.CheckConstraint("(lunch_from IS NULL) = (lunch_until IS NULL)", name=op.f("ck_terms_lunch")),
        sa.CheckConstraint("children_per_adult > 0", name=op.f("ck_terms_ratio")),
        sa.CheckConstraint("closes > opens", name=op.f("ck_terms_hours")),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_terms_dates")),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_terms_activity_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_terms_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        sa.UniqueConstraint("activity_id", name=op.f("uq_terms_activity_id")),
    )
    op.create_index(op.f("ix_terms_room_id"), "terms", ["room_id"], unique=False)

    op.create_table(
        "care_classes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("responsible", sa.Integer(), nullable=False),
        sa.Column("teachers", sa.Integer(), nullable=False),
        sa.Column("volunteers", sa.Integer(), nullable=False),
        sa.Column("guards", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "responsible >= 0 AND teachers >= 0 AND volunteers >= 0 AND guards >= 0 AND capacity > 0",
            name=op.f("ck_care_classes_quota"),
        ),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_care_classes_term_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_classes")),
    )
    op.create_index(op.f("ix_care_classes_term_id"), "care_classes", ["term_id"], unique=False)

    op.create_table(
        "school_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("finishes", sa.Time(), nullable=False),
        sa.Column("way_minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_school_hours_weekday")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_school_hours_school_id")),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_school_hours_term_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_hours")),
        sa.UniqueConstraint("term_id", "school_id", "weekday", name=op.f("uq_school_hours_term_id_school_id_weekday")),
    )
    op.create_index(op.f("ix_school_hours_school_id"), "school_hours", ["school_id"], unique=False)

    op.create_table(
        "term_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("counts_as", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=True),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("counts_as BETWEEN 0 AND 6", name=op.f("ck_term_days_weekday")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["people.id"], name=op.f("fk_term_days_closed_by_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["people.id"], name=op.f("fk_term_days_opened_by_id")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_term_days_session_id")),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_term_days_term_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term_days")),
        sa.UniqueConstraint("session_id", name=op.f("uq_term_days_session_id")),
        sa.UniqueConstraint("term_id", "on_date", name=op.f("uq_term_days_term_id_on_date")),
    )
    op.create_index(op.f("ix_term_days_on_date"), "term_days", ["on_date"], unique=False)

    op.create_table(
        "day_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("calendar_says", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_day_decisions_term_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_decisions")),
        sa.UniqueConstraint(
            "term_id", "on_date", "calendar_says", name=op.f("uq_day_decisions_term_id_on_date_calendar_says")
        ),
    )

    op.create_table(
        "term_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["published_by_id"], ["people.id"], name=op.f("fk_term_rules_published_by_id")),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_term_rules_term_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term_rules")),
        sa.UniqueConstraint("term_id", "version", name=op.f("uq_term_rules_term_id_version")),
    )
    op.create_table(
        "care_duties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "guard",
                "responsible",
                "teacher",
                "volunteer",
                name="duty_role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_owner", sa.Boolean(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("NOT is_owner OR role IN ('responsible', 'teacher')", name=op.f("ck_care_duties_owner")),
        sa.ForeignKeyConstraint(["class_id"], ["care_classes.id"], name=op.f("fk_care_duties_class_id")),
        sa.ForeignKeyConstraint(["day_id"], ["term_days.id"], name=op.f("fk_care_duties_day_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_care_duties_person_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["people.id"], name=op.f("fk_care_duties_set_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_duties")),
        sa.UniqueConstraint("day_id", "person_id", name=op.f("uq_care_duties_day_id_person_id")),
    )
    op.create_index(op.f("ix_care_duties_class_id"), "care_duties", ["class_id"], unique=False)
    op.create_index("ix_care_duties_person", "care_duties", ["person_id", "day_id"], unique=False)
    op.create_index(
        "uq_care_duties_owner",
        "care_duties",
        ["day_id"],
        unique=True,
        sqlite_where=sa.text("is_owner"),
        postgresql_where=sa.text("is_owner"),
    )

    op.create_table(
        "custody_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("day_id", sa.Integer(), nullable=True),
        sa.Column("class_id", sa.Integer(), nullable=True),
        sa.Column(
            "holder",
            sa.Enum(
                "alone",
                "bus",
                "collector",
                "guardian",
                "on_the_way",
                "room",
                "school",
                "sibling",
                name="custody_event_holder",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("with_id", sa.Integer(), nullable=True),
        sa.Column("collector_id", sa.Integer(), nullable=True),
        sa.Column("other_name", sa.String(length=60), nullable=False),
        sa.Column("brought_by", sa.String(length=60), nullable=False),
        sa.Column("bus", sa.String(length=60), nullable=False),
        sa.Column("consent_id", sa.Integer(), nullable=True),
        sa.Column(
            "checked_by",
            sa.Enum(
                "code", "known", "rung", name="custody_check", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("child_agreed", sa.Boolean(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_on", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column("device_at", UtcDateTime(), nullable=True),
        sa.Column("is_offline", sa.Boolean(), nullable=False),
        sa.Column("nonce", sa.String(length=36), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "accepted",
                "conflict",
                "duplicate",
                "refused",
                "undone",
                name="custody_outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("why", sa.String(length=40), nullable=False),
        sa.Column(
            "flag",
            sa.Enum(
                "against_plan",
                "barred_meanwhile",
                "changed_meanwhile",
                "expired",
                "on_leave",
                "paper",
                "two_collectors",
                name="custody_flag",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(outcome = 'undone') = (undoes_id IS NOT NULL)", name=op.f("ck_custody_events_undoes")),
        sa.CheckConstraint(
            "outcome IN ('refused', 'undone') OR checked_by IS NULL OR checked_by <> 'rung' OR "
            "(approved_by_id IS NOT NULL AND trim(approved_on) <> '' AND trim(other_name) <> '')",
            name=op.f("ck_custody_events_rung"),
        ),
        sa.CheckConstraint(
            "outcome IN ('refused', 'undone') OR checked_by IS NULL OR checked_by = 'code' OR "
            "coalesce(second_id, by_id) <> by_id",
            name=op.f("ck_custody_events_second"),
        ),
        sa.CheckConstraint(
            "outcome IN ('refused', 'undone') OR holder <> 'alone' OR consent_id IS NOT NULL",
            name=op.f("ck_custody_events_alone"),
        ),
        sa.CheckConstraint(
            "outcome IN ('refused', 'undone') OR holder <> 'collector' OR checked_by IS NOT NULL",
            name=op.f("ck_custody_events_checked"),
        ),
        sa.CheckConstraint(
            "outcome IN ('refused', 'undone') OR holder <> 'collector' OR child_agreed",
            name=op.f("ck_custody_events_child_agreed"),
        ),
        sa.CheckConstraint(
            "outcome IN ('refused', 'undone') OR holder <> 'collector' OR collector_id IS NOT NULL OR "
            "checked_by = 'rung'",
            name=op.f("ck_custody_events_collector"),
        ),
        sa.CheckConstraint(
            "outcome IN ('refused', 'undone') OR holder <> 'guardian' OR approved_by_id IS NOT NULL",
            name=op.f("ck_custody_events_guardian"),
        ),
        sa.CheckConstraint(
            "outcome IN ('refused', 'undone') OR holder <> 'on_the_way' OR with_id IS NOT NULL",
            name=op.f("ck_custody_events_walker"),
        ),
        sa.CheckConstraint(
            "outcome IN ('refused', 'undone') OR holder <> 'sibling' OR with_id IS NOT NULL",
            name=op.f("ck_custody_events_sibling"),
        ),
        sa.ForeignKeyConstraint(["approved_by_id"], ["people.id"], name=op.f("fk_custody_events_approved_by_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_custody_events_by_id")),
        sa.ForeignKeyConstraint(["child_id"], ["people.id"], name=op.f("fk_custody_events_child_id")),
        sa.ForeignKeyConstraint(["class_id"], ["care_classes.id"], name=op.f("fk_custody_events_class_id")),
        sa.ForeignKeyConstraint(["collector_id"], ["collectors.id"], name=op.f("fk_custody_events_collector_id")),
        sa.ForeignKeyConstraint(["consent_id"], ["child_consents.id"], name=op.f("fk_custody_events_consent_id")),
        sa.ForeignKeyConstraint(["day_id"], ["term_days.id"], name=op.f("fk_custody_events_day_id")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_custody_events_device_id")),
        sa.ForeignKeyConstraint(["second_id"], ["people.id"], name=op.f("fk_custody_events_second_id")),
        sa.ForeignKeyConstraint(["undoes_id"], ["custody_events.id"], name=op.f("fk_custody_events_undoes_id")),
        sa.ForeignKeyConstraint(["with_id"], ["people.id"], name=op.f("fk_custody_events_with_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody_events")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_custody_events_undoes_id")),
    )
    op.create_index("ix_custody_events_by_recorded", "custody_events", ["by_id", "recorded_at"], unique=False)
    op.create_index("ix_custody_events_child", "custody_events", ["child_id", "at", "id"], unique=False)
    op.create_index("ix_custody_events_day", "custody_events", ["on_date", "child_id", "id"], unique=False)
    op.create_index(op.f("ix_custody_events_day_id"), "custody_events", ["day_id"], unique=False)
    op.create_index("uq_custody_events_nonce", "custody_events", ["nonce"], unique=True)

    op.create_table(
        "head_counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("remark", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_head_counts_by_id")),
        sa.ForeignKeyConstraint(["day_id"], ["term_days.id"], name=op.f("fk_head_counts_day_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_head_counts")),
    )
    op.create_index(op.f("ix_head_counts_day_id"), "head_counts", ["day_id"], unique=False)

    op.create_table(
        "room_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("first_id <> second_id", name=op.f("ck_room_checks_two")),
        sa.ForeignKeyConstraint(["day_id"], ["term_days.id"], name=op.f("fk_room_checks_day_id")),
        sa.ForeignKeyConstraint(["first_id"], ["people.id"], name=op.f("fk_room_checks_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["people.id"], name=op.f("fk_room_checks_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_checks")),
        sa.UniqueConstraint("day_id", "what", "at", name=op.f("uq_room_checks_day_id_what_at")),
    )
    op.create_table(
        "rule_paragraphs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rules_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "topic",
            sa.Enum(
                "collection",
                "cut_off",
                "ends",
                "late",
                "other",
                "priority",
                "who",
                name="rule_topic",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("words_en", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["rules_id"], ["term_rules.id"], name=op.f("fk_rule_paragraphs_rules_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_paragraphs")),
        sa.UniqueConstraint("rules_id", "number", name=op.f("uq_rule_paragraphs_rules_id_number")),
    )
    op.create_table(
        "bar_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("is_allowed", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("trim(why) <> ''", name=op.f("ck_bar_decisions_why")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_bar_decisions_by_id")),
        sa.ForeignKeyConstraint(["event_id"], ["custody_events.id"], name=op.f("fk_bar_decisions_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bar_decisions")),
        sa.UniqueConstraint("event_id", name=op.f("uq_bar_decisions_event_id")),
    )
    op.create_table(
        "custody",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("prev_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column(
            "holder",
            sa.Enum(
                "alone",
                "bus",
                "collector",
                "guardian",
                "on_the_way",
                "room",
                "school",
                "sibling",
                name="custody_holder",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("since_at", UtcDateTime(), nullable=False),
        sa.Column("is_correction", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["people.id"], name=op.f("fk_custody_child_id")),
        sa.ForeignKeyConstraint(["event_id"], ["custody_events.id"], name=op.f("fk_custody_event_id")),
        sa.ForeignKeyConstraint(["prev_id", "child_id"], ["custody.id", "custody.child_id"], name="fk_custody_prev"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody")),
        sa.UniqueConstraint("id", "child_id", name=op.f("uq_custody_id_child_id")),
    )
    op.create_index("ix_custody_child", "custody", ["child_id", "id"], unique=False)
    op.create_index("ix_custody_event", "custody", ["event_id"], unique=False)
    op.create_index("uq_custody_next", "custody", ["prev_id"], unique=True)
    op.create_index(
        "uq_custody_first",
        "custody",
        ["child_id"],
        unique=True,
        sqlite_where=sa.text("prev_id IS NULL"),
        postgresql_where=sa.text("prev_id IS NULL"),
    )

    op.create_table(
        "staffing_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "guard",
                "responsible",
                "teacher",
                "volunteer",
                name="staffing_role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("is_in", sa.Boolean(), nullable=True),
        sa.Column("why", sa.String(length=80), nullable=False),
        sa.Column("adults", sa.Integer(), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("is_enough", sa.Boolean(), nullable=False),
        sa.CheckConstraint("adults >= 0 AND children >= 0", name=op.f("ck_staffing_events_counts")),
        sa.CheckConstraint(
            "(person_id IS NULL) = (role IS NULL) AND (role IS NULL) = (is_in IS NULL)",
            name=op.f("ck_staffing_events_who"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_staffing_events_by_id")),
        sa.ForeignKeyConstraint(["class_id"], ["care_classes.id"], name=op.f("fk_staffing_events_class_id")),
        sa.ForeignKeyConstraint(["day_id"], ["term_days.id"], name=op.f("fk_staffing_events_day_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_staffing_events_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staffing_events")),
    )
    op.create_index("ix_staffing_events_day", "staffing_events", ["day_id", "class_id", "at", "id"], unique=False)
    op.create_index(op.f("ix_staffing_events_person_id"), "staffing_events", ["person_id"], unique=False)

    op.create_table(
        "enrolments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("sign_up_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("school_class", sa.String(length=20), nullable=False),
        sa.Column("mark", sa.String(length=12), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=True),
        sa.Column("applied_at", UtcDateTime(), nullable=False),
        sa.Column("applied_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "desk",
                "online",
                "phone",
                "walk_in",
                name="enrolment_channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("rules_id", sa.Integer(), nullable=False),
        sa.Column("paused_from", sa.Date(), nullable=True),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_paragraph_id", sa.Integer(), nullable=True),
        sa.Column("ended_reason", sa.String(length=200), nullable=False),
        sa.Column("is_refused", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("NOT is_refused OR ended_paragraph_id IS NOT NULL", name=op.f("ck_enrolments_refused")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_enrolments_ended")),
        sa.CheckConstraint("paused_until IS NULL OR paused_from IS NOT NULL", name=op.f("ck_enrolments_paused")),
        sa.ForeignKeyConstraint(["applied_by_id"], ["people.id"], name=op.f("fk_enrolments_applied_by_id")),
        sa.ForeignKeyConstraint(["child_id"], ["people.id"], name=op.f("fk_enrolments_child_id")),
        sa.ForeignKeyConstraint(["class_id"], ["care_classes.id"], name=op.f("fk_enrolments_class_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["people.id"], name=op.f("fk_enrolments_ended_by_id")),
        sa.ForeignKeyConstraint(
            ["ended_paragraph_id"], ["rule_paragraphs.id"], name=op.f("fk_enrolments_ended_paragraph_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["people.id"], name=op.f("fk_enrolments_recorded_by_id")),
        sa.ForeignKeyConstraint(["rules_id"], ["term_rules.id"], name=op.f("fk_enrolments_rules_id")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_enrolments_school_id")),
        sa.ForeignKeyConstraint(["sign_up_id"], ["sign_ups.id"], name=op.f("fk_enrolments_sign_up_id")),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_enrolments_term_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolments")),
        sa.UniqueConstraint("sign_up_id", name=op.f("uq_enrolments_sign_up_id")),
        sa.UniqueConstraint("term_id", "child_id", name=op.f("uq_enrolments_term_id_child_id")),
    )
    op.create_index("ix_enrolments_child", "enrolments", ["child_id", "term_id"], unique=False)
    op.create_index("ix_enrolments_class", "enrolments", ["class_id"], unique=False)
    op.create_index(op.f("ix_enrolments_school_id"), "enrolments", ["school_id"], unique=False)

    op.create_table(
        "holdings",
        sa.Column("child_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("custody_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["people.id"], name=op.f("fk_holdings_child_id")),
        sa.ForeignKeyConstraint(["custody_id"], ["custody.id"], name=op.f("fk_holdings_custody_id")),
        sa.PrimaryKeyConstraint("child_id", name=op.f("pk_holdings")),
        sa.UniqueConstraint("custody_id", name=op.f("uq_holdings_custody_id")),
    )
    op.create_table(
        "call_orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("guardian_id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_call_orders_enrolment_id")),
        sa.ForeignKeyConstraint(["guardian_id"], ["people.id"], name=op.f("fk_call_orders_guardian_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_orders")),
        sa.UniqueConstraint("enrolment_id", "guardian_id", name=op.f("uq_call_orders_enrolment_id_guardian_id")),
        sa.UniqueConstraint("enrolment_id", "position", name=op.f("uq_call_orders_enrolment_id_position")),
    )
    op.create_index(op.f("ix_call_orders_guardian_id"), "call_orders", ["guardian_id"], unique=False)

    op.create_table(
        "day_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("homework", "note", "snack", name="day_note", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_day_notes_by_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_day_notes_enrolment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_notes")),
        sa.UniqueConstraint("enrolment_id", "on_date", "kind", name=op.f("uq_day_notes_enrolment_id_on_date_kind")),
    )
    op.create_table(
        "enrolment_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column(
            "what",
            sa.Enum(
                "applied",
                "class_set",
                "edited",
                "ended",
                "not_eligible",
                "paused",
                "priority_decided",
                "resumed",
                "withdrawn",
                name="enrolment_change",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("paragraph_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_enrolment_events_by_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_enrolment_events_enrolment_id")),
        sa.ForeignKeyConstraint(
            ["paragraph_id"], ["rule_paragraphs.id"], name=op.f("fk_enrolment_events_paragraph_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_events")),
    )
    op.create_index("ix_enrolment_events_enrolment", "enrolment_events", ["enrolment_id", "id"], unique=False)

    op.create_table(
        "plan_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column(
            "what",
            sa.Enum(
                "alone",
                "bus",
                "collector",
                "comes",
                "leave",
                "sibling",
                "usual",
                name="plan_change",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("collector_id", sa.Integer(), nullable=True),
        sa.Column("sibling_id", sa.Integer(), nullable=True),
        sa.Column("bus", sa.String(length=60), nullable=False),
        sa.Column("leaves", sa.Time(), nullable=True),
        sa.Column("consent_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("is_after_cut_off", sa.Boolean(), nullable=False),
        sa.Column("rang_from", sa.String(length=20), nullable=False),
        sa.Column("rang_back", sa.String(length=20), nullable=False),
        sa.Column("acknowledged_at", UtcDateTime(), nullable=True),
        sa.Column("acknowledged_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(what = 'collector') = (collector_id IS NOT NULL)", name=op.f("ck_plan_changes_collector")),
        sa.CheckConstraint(
            "NOT is_after_cut_off OR trim(rang_back) <> '' OR by_id = recorded_by_id",
            name=op.f("ck_plan_changes_rang_back"),
        ),
        sa.CheckConstraint("what <> 'alone' OR leaves IS NOT NULL", name=op.f("ck_plan_changes_alone")),
        sa.CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by_id IS NULL)", name=op.f("ck_plan_changes_acknowledged")
        ),
        sa.ForeignKeyConstraint(["acknowledged_by_id"], ["people.id"], name=op.f("fk_plan_changes_acknowledged_by_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_plan_changes_by_id")),
        sa.ForeignKeyConstraint(["collector_id"], ["collectors.id"], name=op.f("fk_plan_changes_collector_id")),
        sa.ForeignKeyConstraint(["consent_id"], ["child_consents.id"], name=op.f("fk_plan_changes_consent_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_plan_changes_enrolment_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["people.id"], name=op.f("fk_plan_changes_recorded_by_id")),
        sa.ForeignKeyConstraint(["sibling_id"], ["people.id"], name=op.f("fk_plan_changes_sibling_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_changes")),
    )
    op.create_index(op.f("ix_plan_changes_by_id"), "plan_changes", ["by_id"], unique=False)
    op.create_index("ix_plan_changes_day", "plan_changes", ["on_date", "enrolment_id", "id"], unique=False)
    op.create_index("ix_plan_changes_enrolment", "plan_changes", ["enrolment_id", "on_date", "id"], unique=False)

    op.create_table(
        "priority_claims",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "both_work",
                "hardship",
                "left_behind",
                "new_employment",
                "sibling",
                name="priority",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_accepted", sa.Boolean(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_why", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_priority_claims_decided_by")
        ),
        sa.CheckConstraint("(is_accepted IS NULL) = (decided_at IS NULL)", name=op.f("ck_priority_claims_decided")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_priority_claims_decided_by_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_priority_claims_enrolment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priority_claims")),
        sa.UniqueConstraint("enrolment_id", "reason", name=op.f("uq_priority_claims_enrolment_id_reason")),
    )
    op.create_table(
        "ways_home",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column(
            "way",
            sa.Enum(
                "alone",
                "bus",
                "collected",
                "sibling",
                name="way_home",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("leaves", sa.Time(), nullable=True),
        sa.Column("consent_id", sa.Integer(), nullable=True),
        sa.Column("sibling_id", sa.Integer(), nullable=True),
        sa.Column("bus", sa.String(length=60), nullable=False),
        sa.CheckConstraint("(way = 'sibling') = (sibling_id IS NOT NULL)", name=op.f("ck_ways_home_sibling")),
        sa.CheckConstraint(
            "way <> 'alone' OR (consent_id IS NOT NULL AND leaves IS NOT NULL)", name=op.f("ck_ways_home_alone")
        ),
        sa.CheckConstraint("way <> 'bus' OR trim(bus) <> ''", name=op.f("ck_ways_home_bus")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_ways_home_weekday")),
        sa.ForeignKeyConstraint(["consent_id"], ["child_consents.id"], name=op.f("fk_ways_home_consent_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_ways_home_enrolment_id")),
        sa.ForeignKeyConstraint(["sibling_id"], ["people.id"], name=op.f("fk_ways_home_sibling_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ways_home")),
        sa.UniqueConstraint("enrolment_id", "weekday", name=op.f("uq_ways_home_enrolment_id_weekday")),
    )
    op.create_table(
        "care_alarms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "absent_often",
                "barred",
                "code_tried",
                "conflict",
                "missing",
                "not_collected",
                "ratio",
                "unseen_change",
                name="alarm_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("change_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("escalated_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "found",
            sa.Enum(
                "arrived",
                "collected",
                "found",
                "on_leave",
                "other",
                "settled",
                "with_guardian",
                name="alarm_answer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("answer", sa.String(length=200), nullable=False),
        sa.CheckConstraint("(ended_at IS NULL) = (found IS NULL)", name=op.f("ck_care_alarms_found")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_care_alarms_ended")),
        sa.CheckConstraint("level BETWEEN 0 AND 2", name=op.f("ck_care_alarms_level")),
        sa.ForeignKeyConstraint(["change_id"], ["plan_changes.id"], name=op.f("fk_care_alarms_change_id")),
        sa.ForeignKeyConstraint(["child_id"], ["people.id"], name=op.f("fk_care_alarms_child_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["people.id"], name=op.f("fk_care_alarms_ended_by_id")),
        sa.ForeignKeyConstraint(["event_id"], ["custody_events.id"], name=op.f("fk_care_alarms_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_alarms")),
    )
    op.create_index(op.f("ix_care_alarms_child_id"), "care_alarms", ["child_id"], unique=False)
    op.create_index("ix_care_alarms_day", "care_alarms", ["on_date", "id"], unique=False)
    op.create_index(
        "uq_care_alarms_live",
        "care_alarms",
        ["on_date", "kind", "subject"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )

    op.create_table(
        "alarm_rings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alarm_id", sa.Integer(), nullable=False),
        sa.Column("guardian_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("is_reached", sa.Boolean(), nullable=False),
        sa.Column("said", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["alarm_id"], ["care_alarms.id"], name=op.f("fk_alarm_rings_alarm_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_alarm_rings_by_id")),
        sa.ForeignKeyConstraint(["guardian_id"], ["people.id"], name=op.f("fk_alarm_rings_guardian_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_rings")),
    )
    op.create_index("ix_alarm_rings_alarm", "alarm_rings", ["alarm_id", "id"], unique=False)
    op.create_index(op.f("ix_alarm_rings_guardian_id"), "alarm_rings", ["guardian_id"], unique=False)

    op.create_table(
        "deletion_asks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("is_granted", sa.Boolean(), nullable=True),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_deletion_asks_decided")),
        sa.CheckConstraint("(decided_at IS NULL) = (is_granted IS NULL)", name=op.f("ck_deletion_asks_granted")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_deletion_asks_asked_by_id")),
        sa.ForeignKeyConstraint(["child_id"], ["people.id"], name=op.f("fk_deletion_asks_child_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_deletion_asks_decided_by_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["people.id"], name=op.f("fk_deletion_asks_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletion_asks")),
    )
    op.create_index(op.f("ix_deletion_asks_asked_by_id"), "deletion_asks", ["asked_by_id"], unique=False)
    op.create_index("ix_deletion_asks_child", "deletion_asks", ["child_id", "id"], unique=False)
    op.create_index(
        "uq_deletion_asks_open",
        "deletion_asks",
        ["child_id"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_table(
        "guardian_disputes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name=op.f("ck_guardian_disputes_settled")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_guardian_disputes_by_id")),
        sa.ForeignKeyConstraint(["child_id"], ["people.id"], name=op.f("fk_guardian_disputes_child_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["people.id"], name=op.f("fk_guardian_disputes_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian_disputes")),
    )
    op.create_index("ix_guardian_disputes_child", "guardian_disputes", ["child_id", "id"], unique=False)
    op.create_table(
        "deletion_proofs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column(
            "why",
            sa.Enum("asked", "time", name="deleted_why", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("older_than", sa.Date(), nullable=True),
        sa.Column("how_many", sa.Integer(), nullable=False),
        sa.CheckConstraint("how_many > 0", name=op.f("ck_deletion_proofs_how_many")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletion_proofs")),
    )
    op.create_index("ix_deletion_proofs_at", "deletion_proofs", ["at", "id"], unique=False)

    op.add_column("sign_ups", sa.Column("precedence", sa.Integer(), server_default="0", nullable=False))
    op.add_column("lots", sa.Column("precedence", sa.Integer(), server_default="0", nullable=False))
    op.add_column("activities", sa.Column("is_confined", sa.Boolean(), server_default=sa.false(), nullable=False))

    op.add_column("calendar_days", sa.Column("counts_as", sa.Integer(), nullable=True))
    guards = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[op.get_bind().dialect.name]
    for statement in re.split(r"\n\n(?=CREATE)", guards.strip()):
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in re.findall(r"CREATE TRIGGER (\w+)", SQLITE):
            op.execute(f"DROP TRIGGER IF EXISTS {name}")
    for table in [
        "deletion_proofs",
        "guardian_disputes",
        "deletion_asks",
        "alarm_rings",
        "care_alarms",
        "ways_home",
        "priority_claims",
        "plan_changes",
        "enrolment_events",
        "day_notes",
        "call_orders",
        "holdings",
        "enrolments",
        "staffing_events",
        "bar_decisions",
        "custody",
        "rule_paragraphs",
        "room_checks",
        "head_counts",
        "custody_events",
        "care_duties",
        "term_rules",
        "day_decisions",
        "term_days",
        "school_hours",
        "care_classes",
        "terms",
        "incident_steps",
        "health_notes",
        "child_photos",
        "staff_checks",
        "pick_up_codes",
        "incidents",
        "collectors",
        "collection_bars",
        "child_consents",
        "child_accesses",
        "school_exceptions",
        "schools",
        "consent_texts",
    ]:
        op.drop_table(table)
    op.drop_column("calendar_days", "counts_as")
    op.drop_column("lots", "precedence")
    op.drop_column("sign_ups", "precedence")
    op.drop_column("activities", "is_confined")
    if op.get_bind().dialect.name == "postgresql":
        for name in re.findall(r"CREATE FUNCTION (\w+)", POSTGRESQL):
            op.execute(f"DROP FUNCTION {name}()")
