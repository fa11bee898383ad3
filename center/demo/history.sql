-- The audit trail of the demonstration's bookings, told from what became of them: one event for each change.
-- Rows get their numbers in the order of time, as a trail that grew day by day would have them.
INSERT INTO booking_events (booking_id, at, by_id, what, channel, reason)
SELECT booking_id, at, by_id, what, channel, reason FROM (
  SELECT id AS booking_id, requested_at AS at, booked_by_id AS by_id, channel, '' AS reason, 0 AS step,
    CASE WHEN decided_at IS NULL AND status IN ('confirmed', 'released', 'cancelled')
      THEN 'confirmed' ELSE 'requested' END AS what
  FROM bookings
  UNION ALL
  SELECT id, decided_at, decided_by_id, 'desk', decision_reason, 1,
    CASE WHEN status = 'declined' THEN 'declined' ELSE 'approved' END
  FROM bookings WHERE decided_at IS NOT NULL
  UNION ALL
  SELECT id, cancelled_at, cancelled_by_id, CASE WHEN cancelled_by_id = person_id THEN 'online' ELSE 'desk' END,
    cancel_reason, 2, 'cancelled'
  FROM bookings WHERE cancelled_at IS NOT NULL
  UNION ALL
  SELECT id, checked_in_at, (SELECT min(person_id) FROM role_grants WHERE role = 'clerk'), 'desk', '', 3, 'checked_in'
  FROM bookings WHERE checked_in_at IS NOT NULL
  UNION ALL
  SELECT booking_id, recorded_at, recorded_by_id, 'desk', '', 3, 'no_show' FROM no_shows
  UNION ALL
  SELECT id, changed_at, NULL, NULL, '', 2, status FROM bookings WHERE status IN ('expired', 'released')
) AS known
ORDER BY at, booking_id, step
