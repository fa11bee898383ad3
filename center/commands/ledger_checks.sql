-- What `center doctor` asks of the ledgers of room time, places, attendance and custody: a question a
-- paragraph, under the words that say what its count means. What is written before the first of them stands before each. The moment is called "now".

-- Names for what several questions speak of: the parts of each room, and who says that it has time at a place.
WITH leaves AS (
  SELECT r.id AS whole, r.id AS part FROM rooms r WHERE NOT EXISTS (SELECT 1 FROM rooms p WHERE p.parent_id = r.id)
  UNION ALL SELECT parent_id AS whole, id AS part FROM rooms WHERE parent_id IS NOT NULL
), owners AS (
  SELECT use_id, room_id, starts_at, clear_at FROM bookings
  UNION ALL SELECT use_id, room_id, starts_at, clear_at FROM slot_wishes WHERE state = 'offered'
)

--: {n} rows overlap the next one of their part
SELECT count(*) FROM (
  SELECT clear_at, lead(starts_at) OVER (PARTITION BY room_id ORDER BY starts_at, id) AS next_start FROM occupancies
) AS neighbours WHERE next_start < clear_at

--: {n} rows lie on a room that has parts
SELECT count(*) FROM occupancies o WHERE EXISTS (SELECT 1 FROM rooms r WHERE r.parent_id = o.room_id)

--: {n} live bookings have no row in a part of their room
SELECT count(DISTINCT b.id) FROM bookings b JOIN leaves ON leaves.whole = b.room_id
WHERE b.status IN ('requested', 'confirmed')
  AND NOT EXISTS (SELECT 1 FROM occupancies o WHERE o.use_id = b.use_id AND o.room_id = leaves.part)

--: {n} bookings or offers have rows at another time than their own
SELECT count(DISTINCT owners.use_id) FROM owners JOIN (
  SELECT use_id, min(starts_at) AS starts_at, max(clear_at) AS clear_at FROM occupancies GROUP BY use_id, room_id
) AS taken ON taken.use_id = owners.use_id
WHERE taken.starts_at <> owners.starts_at OR taken.clear_at <> owners.clear_at

--: {n} bookings or offers have rows in another room than their own
SELECT count(DISTINCT owners.use_id) FROM owners JOIN occupancies o ON o.use_id = owners.use_id
WHERE NOT EXISTS (SELECT 1 FROM leaves WHERE leaves.whole = owners.room_id AND leaves.part = o.room_id)

--: {n} bookings that are over and done with still have rows
SELECT count(*) FROM bookings b WHERE b.status NOT IN ('requested', 'confirmed')
  AND EXISTS (SELECT 1 FROM occupancies o WHERE o.use_id = b.use_id)

--: {n} lifted closures still have rows after they were lifted
SELECT count(*) FROM closures c WHERE c.lifted_at IS NOT NULL
  AND EXISTS (SELECT 1 FROM occupancies o WHERE o.use_id = c.use_id AND o.clear_at > c.lifted_at)

--: {n} rows belong to nothing
SELECT count(*) FROM occupancies o JOIN room_uses u ON u.id = o.use_id
WHERE (u.kind = 'booking' AND NOT EXISTS (SELECT 1 FROM bookings b WHERE b.use_id = u.id))
   OR (u.kind = 'closure' AND NOT EXISTS (SELECT 1 FROM closures c WHERE c.use_id = u.id))
   OR (u.kind = 'hold' AND NOT EXISTS (SELECT 1 FROM slot_wishes w WHERE w.use_id = u.id AND w.state = 'offered'))

--: {n} pools count other places than their sign-ups have
SELECT count(*) FROM pools p WHERE p.taken <>
  (SELECT count(*) FROM sign_ups s WHERE s.pool_id = p.id AND s.state IN ('confirmed', 'offered'))
  + (SELECT count(*) FROM sign_ups s WHERE s.companion_pool_id = p.id AND s.state IN ('confirmed', 'offered'))

--: {n} pools have more places taken than there are
SELECT count(*) FROM pools WHERE taken > capacity OR taken < 0

--: {n} sign-ups have a place without naming it, or name one without having it
SELECT count(*) FROM sign_ups WHERE (state IN ('confirmed', 'offered')) <> (pool_id IS NOT NULL)

--: {n} sign-ups have a place on another roster
SELECT count(*) FROM sign_ups s JOIN pools p ON p.id IN (s.pool_id, s.companion_pool_id)
WHERE p.roster_id <> s.roster_id

--: {n} people are on a roster twice
SELECT count(*) FROM (
  SELECT 1 FROM sign_ups WHERE state IN ('confirmed', 'offered', 'requested', 'waiting')
  GROUP BY roster_id, person_id HAVING count(*) > 1
) AS doubled

--: {n} sign-ups have a place without a word since when, or the other way round
SELECT count(*) FROM sign_ups s WHERE (s.state = 'confirmed')
  <> EXISTS (SELECT 1 FROM places_held h WHERE h.sign_up_id = s.id AND h.until_at IS NULL)

--: {n} lotteries count other lots than were drawn
SELECT count(*) FROM draws d WHERE d.drawn_at IS NOT NULL
  AND d.entries <> (SELECT count(*) FROM lots l WHERE l.draw_id = d.id)

--: {n} sign-ups have a place in a session that was called off
SELECT count(*) FROM sign_ups s JOIN rosters r ON r.id = s.roster_id JOIN sessions e ON e.id = r.session_id
WHERE e.state = 'cancelled' AND s.state IN ('confirmed', 'offered')

--: {n} sessions have no row for their room
SELECT count(*) FROM sessions e WHERE e.state = 'scheduled' AND e.use_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM occupancies o WHERE o.use_id = e.use_id)

--: {n} cancelled sessions still have rows
SELECT count(*) FROM sessions e WHERE e.state = 'cancelled'
  AND EXISTS (SELECT 1 FROM occupancies o WHERE o.use_id = e.use_id)

--: {n} sessions have rows at another time than their own
SELECT count(*) FROM sessions e JOIN (
  SELECT use_id, min(starts_at) AS starts_at, max(clear_at) AS clear_at FROM occupancies GROUP BY use_id
) AS taken ON taken.use_id = e.use_id WHERE taken.starts_at <> e.starts_at OR taken.clear_at < e.ends_at

--: {n} rows belong to no session
SELECT count(*) FROM occupancies o JOIN room_uses u ON u.id = o.use_id
WHERE u.kind = 'session' AND NOT EXISTS (SELECT 1 FROM sessions e WHERE e.use_id = u.id)

--: {n} offers that can be accepted hold no time in a part of their room
-- An offer that ran out has its rows until somebody needs its time, or until it is tidied away.
SELECT count(DISTINCT w.id) FROM slot_wishes w JOIN leaves ON leaves.whole = w.room_id
WHERE w.state = 'offered' AND w.offer_ends_at > :now
  AND NOT EXISTS (SELECT 1 FROM occupancies o WHERE o.use_id = w.use_id AND o.room_id = leaves.part)

--: {n} closures leave some of their time free
-- Whoever has it: a booking that was kept, or another closure. What is past may lie before a room came into use.
SELECT count(DISTINCT closed.id) FROM (
  SELECT c.id, leaves.part, c.starts_at, c.ends_at FROM closures c
  JOIN leaves ON c.room_id IS NULL OR c.room_id = leaves.whole
  JOIN rooms r ON r.id = leaves.part AND NOT r.is_retired
  WHERE c.lifted_at IS NULL AND c.ends_at > :now
) AS closed
WHERE (closed.starts_at >= :now AND NOT EXISTS (
    SELECT 1 FROM occupancies o
    WHERE o.room_id = closed.part AND o.starts_at <= closed.starts_at AND o.clear_at > closed.starts_at))
  OR (closed.starts_at < :now AND NOT EXISTS (
    SELECT 1 FROM occupancies o WHERE o.room_id = closed.part AND o.starts_at <= :now AND o.clear_at > :now))
  OR EXISTS (
    SELECT 1 FROM occupancies o
    WHERE o.room_id = closed.part AND o.clear_at > closed.starts_at AND o.clear_at > :now
      AND o.clear_at < closed.ends_at AND NOT EXISTS (
        SELECT 1 FROM occupancies n
        WHERE n.room_id = o.room_id AND n.starts_at <= o.clear_at AND n.clear_at > o.clear_at))

--: {n} registers are closed and expect somebody still
SELECT count(DISTINCT a.session_id) FROM attendances a JOIN registers r ON r.session_id = a.session_id
WHERE a.status = 'expected' AND r.state <> 'open'

--: {n} people are in a register of whom nothing was ever written down
SELECT count(*) FROM attendances a WHERE a.status <> 'absent' AND a.amendment_id IS NULL AND NOT EXISTS (
  SELECT 1 FROM attendance_events e
  WHERE e.session_id = a.session_id AND e.person_id = a.person_id AND e.outcome = 'accepted')

--: {n} people stand in a register otherwise than what was written down last
SELECT count(*) FROM attendances a JOIN attendance_events e
  ON e.session_id = a.session_id AND e.person_id = a.person_id
WHERE a.amendment_id IS NULL AND e.id = (
    SELECT max(l.id) FROM attendance_events l
    WHERE l.session_id = a.session_id AND l.person_id = a.person_id AND l.outcome = 'accepted' AND l.verb <> 'undone'
      AND NOT EXISTS (SELECT 1 FROM attendance_events u WHERE u.undoes_id = l.id))
  AND CASE e.verb WHEN 'arrived' THEN a.status NOT IN ('present', 'late') WHEN 'left' THEN a.status <> 'left'
    ELSE a.status <> 'on_leave' END

--: {n} people are in a register by a place that is another person's
SELECT count(*) FROM attendances a JOIN sign_ups s ON s.id = a.sign_up_id WHERE s.person_id <> a.person_id

--: {n} entries at a door wait for a decision and are on no list, or are on it without waiting
SELECT count(*) FROM attendance_events e
LEFT JOIN undecided_events u ON u.event_id = e.id
LEFT JOIN attendance_reviews r ON r.event_id = e.id
WHERE (u.event_id IS NOT NULL) <> (e.outcome = 'needs_review' AND r.event_id IS NULL)

--: {n} certified hours of volunteers overlap others of theirs
SELECT count(*) FROM volunteer_shifts s WHERE s.state = 'certified' AND EXISTS (
  SELECT 1 FROM volunteer_shifts o WHERE o.person_id = s.person_id AND o.state = 'certified' AND o.id <> s.id
  AND o.in_at < s.out_at AND o.out_at > s.in_at)

--: {n} hours of volunteers are certified by themselves, or by whoever looked at the long day
SELECT count(*) FROM volunteer_shifts s WHERE s.state = 'certified'
AND (s.certified_by_id = s.person_id OR s.certified_by_id = s.reviewed_by_id)

--: {n} volunteers are signed in at two places
SELECT count(DISTINCT s.person_id) FROM volunteer_shifts s WHERE s.state = 'open' AND EXISTS (
  SELECT 1 FROM volunteer_shifts o WHERE o.person_id = s.person_id AND o.state = 'open' AND o.id <> s.id)

--: {n} children are held by another entry than the last of their chain, or by none
SELECT count(*) FROM custody c LEFT JOIN holdings h ON h.custody_id = c.id
WHERE (h.child_id IS NULL) = NOT EXISTS (SELECT 1 FROM custody later WHERE later.prev_id = c.id)

--: {n} entries of custody say otherwise than what they rest on
SELECT count(*) FROM custody c JOIN custody_events e ON e.id = c.event_id
WHERE e.child_id <> c.child_id OR e.holder <> c.holder OR e.at <> c.since_at

--: {n} children are held by what was taken back
SELECT count(*) FROM holdings h JOIN custody c ON c.id = h.custody_id
WHERE EXISTS (SELECT 1 FROM custody_events back WHERE back.undoes_id = c.event_id)

--: {n} people are on duty with children without a record check that counts that day
SELECT count(*) FROM care_duties cd JOIN term_days d ON d.id = cd.day_id WHERE NOT EXISTS (
  SELECT 1 FROM staff_checks c WHERE c.person_id = cd.person_id AND c.kind = 'record'
    AND (c.revoked_at IS NULL OR c.revoked_at >= d.on_date) AND c.made_on <= d.on_date AND c.valid_until >= d.on_date)

--: {n} notes of a child's health stand without a consent
SELECT count(*) FROM health_notes n JOIN child_consents c ON c.id = n.consent_id
WHERE c.revoked_at IS NOT NULL OR NOT c.is_given OR c.child_id <> n.child_id

--: {n} costumes or props are promised or out twice at one time
SELECT count(DISTINCT a.unit_id) FROM loan_lines a JOIN loan_lines b ON b.unit_id = a.unit_id AND b.id > a.id
WHERE a.state IN ('reserved', 'out') AND b.state IN ('reserved', 'out')
  AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at

--: {n} kinds of costumes or props have more pieces promised or out than there are
SELECT count(DISTINCT p.thing_id) FROM loan_lines p JOIN things t ON t.id = p.thing_id
WHERE p.unit_id IS NULL AND p.state IN ('reserved', 'out') AND t.quantity < (
  SELECT sum(o.quantity) FROM loan_lines o WHERE o.thing_id = p.thing_id AND o.unit_id IS NULL
    AND o.state IN ('reserved', 'out') AND o.starts_at <= p.starts_at AND o.ends_at > p.starts_at)

--: {n} works are sold without a sale, or have one without being sold
SELECT count(*) FROM works w LEFT JOIN sales s ON s.work_id = w.id WHERE (w.state = 'sold') = (s.id IS NULL)

--: {n} works are on sale on a day that staff have not approved
SELECT count(*) FROM works w LEFT JOIN sale_days d ON d.id = w.sale_day_id AND d.state = 'approved'
WHERE w.state IN ('on_sale', 'reserved', 'sold') AND d.id IS NULL
