-- Tocsin's first migration. Conventions: agency_id on every operational table; ids UUID v7 made by the application;
-- severities as words in rows, lanes as numbers in indexes; every row that waits for work says so itself, under a
-- partial index (no outbox table). Lock order: alerts, stream heads, incidents, runs, timers, notifications,
-- deliveries, pagers (decisions.md section 3).

-- Instants cross the driver as text; these two keep SQL and the domain (microseconds) in one currency.
CREATE FUNCTION instant(micros bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
  $$ SELECT 'epoch'::timestamptz + micros * interval '1 microsecond' $$;
CREATE FUNCTION micros(at timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
  $$ SELECT (extract(epoch FROM at) * 1000000)::bigint $$;

CREATE TABLE cluster (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  -- Raised by a logical restore: cursors of an older generation get a snapshot.
  generation integer NOT NULL DEFAULT 1
);
INSERT INTO cluster DEFAULT VALUES;

CREATE TABLE agency (
  id text PRIMARY KEY,
  name jsonb NOT NULL,
  time_zone text NOT NULL
);

-- ── Configuration ────────────────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE config_version (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  agency_id text NOT NULL REFERENCES agency,
  document jsonb NOT NULL,
  hash bytea NOT NULL,
  -- SHA-256 of the folder that it was read from; a start applies only when it differs.
  folder_hash bytea,
  state text NOT NULL CHECK (state IN ('draft', 'effective')),
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  applied_by text NOT NULL
);
CREATE INDEX config_version_effective ON config_version (agency_id, id DESC) WHERE state = 'effective';

CREATE TABLE site (
  agency_id text NOT NULL REFERENCES agency,
  id text NOT NULL,
  code text NOT NULL,
  name jsonb NOT NULL,
  groups text[] NOT NULL DEFAULT '{}',
  zones jsonb NOT NULL DEFAULT '[]',
  location jsonb,
  managed_by text NOT NULL CHECK (managed_by IN ('files', 'people')),
  active boolean NOT NULL DEFAULT true,
  PRIMARY KEY (agency_id, id)
);

CREATE TABLE person (
  id uuid PRIMARY KEY,
  agency_id text NOT NULL REFERENCES agency,
  slug text NOT NULL,
  name jsonb NOT NULL,
  language text NOT NULL CHECK (language IN ('en', 'ur', 'zh')),
  username text,
  -- argon2id; a person with a password is a user.
  password_hash text,
  grants jsonb NOT NULL DEFAULT '[]',
  managed_by text NOT NULL CHECK (managed_by IN ('files', 'people')),
  active boolean NOT NULL DEFAULT true,
  -- Moves with grants and active: gateways re-check the sockets of whoever changed.
  rights_changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (agency_id, slug)
);
CREATE UNIQUE INDEX person_username ON person (lower(username)) WHERE username IS NOT NULL;

CREATE TABLE team (
  agency_id text NOT NULL REFERENCES agency,
  id text NOT NULL,
  name jsonb NOT NULL,
  members uuid[] NOT NULL DEFAULT '{}',
  managed_by text NOT NULL CHECK (managed_by IN ('files', 'people')),
  active boolean NOT NULL DEFAULT true,
  PRIMARY KEY (agency_id, id)
);

CREATE TABLE source (
  agency_id text NOT NULL REFERENCES agency,
  id text NOT NULL,
  name jsonb NOT NULL,
  protocol text NOT NULL,
  token_hash bytea UNIQUE,
  scope jsonb NOT NULL DEFAULT '[]',
  budget jsonb NOT NULL,
  defaults jsonb NOT NULL DEFAULT '{}',
  managed_by text NOT NULL CHECK (managed_by IN ('files', 'people')),
  active boolean NOT NULL DEFAULT true,
  PRIMARY KEY (agency_id, id)
);

-- Values sealed with the key of TOCSIN_SECRET (AES-256-GCM): VAPID keys, webhook signing secrets.
CREATE TABLE secret (
  name text PRIMARY KEY,
  sealed bytea NOT NULL,
  made_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- ── Sessions ─────────────────────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE session (
  id uuid PRIMARY KEY,
  token_hash bytea NOT NULL UNIQUE,
  person_id uuid NOT NULL REFERENCES person,
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  ended_by text
);
CREATE INDEX session_person ON session (person_id) WHERE ended_at IS NULL;

CREATE TABLE socket_ticket (
  token_hash bytea PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES session ON DELETE CASCADE,
  expires_at timestamptz NOT NULL
);

CREATE TABLE push_subscription (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES person,
  session_id uuid REFERENCES session ON DELETE SET NULL,
  endpoint_hash bytea NOT NULL UNIQUE,
  -- Sealed {endpoint, keys}: the endpoint is a secret URL.
  sealed bytea NOT NULL,
  made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  proven_at timestamptz,
  dead_at timestamptz,
  dead_code text
);
CREATE INDEX push_subscription_person ON push_subscription (person_id) WHERE dead_at IS NULL;

-- ── Alerts ───────────────────────────────────────────────────────────────────────────────────────────────────────

-- One row a request, kept only if the request made or ended an episode.
CREATE TABLE raw_signal (
  id uuid PRIMARY KEY,
  agency_id text NOT NULL,
  principal_kind text NOT NULL,
  principal_id text NOT NULL,
  door text NOT NULL,
  content_type text,
  body bytea NOT NULL,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE alert (
  id uuid PRIMARY KEY,
  agency_id text NOT NULL,
  principal_kind text NOT NULL CHECK (principal_kind IN ('source', 'person', 'system')),
  principal_id text NOT NULL,
  key text NOT NULL,
  -- SHA-256 over agency, principal, reality and key: one firing episode per hash.
  key_hash bytea NOT NULL,
  reality text NOT NULL CHECK (reality IN ('actual', 'exercise', 'test')),
  site_id text,
  zone text,
  category text NOT NULL,
  severity text NOT NULL CHECK (severity IN ('critical', 'high', 'medium', 'low', 'info')),
  lane smallint NOT NULL,
  title text NOT NULL,
  description text,
  lang text,
  labels jsonb NOT NULL DEFAULT '{}',
  links jsonb NOT NULL DEFAULT '[]',
  location jsonb,
  occurred_at timestamptz,
  starts_at timestamptz,
  ends_at timestamptz,
  status text NOT NULL CHECK (status IN ('firing', 'resolved')),
  count integer NOT NULL DEFAULT 1,
  accepted_at timestamptz NOT NULL,
  last_signal_at timestamptz NOT NULL,
  ended_at timestamptz,
  -- source | superseded (a newer episode of the key) | system
  ended_by text,
  raw_id uuid,
  raw_index integer,
  -- null: opens an incident of its own and is joined by none (by hand).
  group_key text,
  incident_id uuid,
  merged_at timestamptz,
  -- Severity that the engine has reported to the incident; a higher `severity` re-grades.
  merged_severity text,
  -- Repeats and resolve that the engine has already reported.
  reported_count integer NOT NULL DEFAULT 0,
  reported_at timestamptz,
  resolve_reported boolean NOT NULL DEFAULT false,
  stale_reported boolean NOT NULL DEFAULT false,
  -- When something of this alert waits for the engine (merge, repeats to report, resolve to apply); null = nothing waits.
  work_due_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  parked_at timestamptz,
  parked_code text
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX alert_firing ON alert (key_hash) WHERE status = 'firing';
CREATE INDEX alert_key ON alert (key_hash, id);
CREATE INDEX alert_waiting ON alert (lane, work_due_at) WHERE work_due_at IS NOT NULL;
CREATE INDEX alert_incident ON alert (incident_id) WHERE incident_id IS NOT NULL;
CREATE INDEX alert_ends ON alert (ends_at) WHERE status = 'firing' AND ends_at IS NOT NULL AND NOT stale_reported;

CREATE TABLE idempotency (
  principal text NOT NULL,
  request text NOT NULL, -- method and path
  key text NOT NULL,
  body_hash bytea NOT NULL,
  status smallint NOT NULL,
  response text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (principal, request, key)
);
CREATE INDEX idempotency_age ON idempotency (made_at);

-- ── Incidents ────────────────────────────────────────────────────────────────────────────────────────────────────

CREATE SEQUENCE incident_number;

CREATE TABLE incident (
  id uuid PRIMARY KEY,
  agency_id text NOT NULL,
  -- Radio number "26-00123": year in the unit's zone and the sequence; gaps allowed.
  number text NOT NULL,
  class text NOT NULL CHECK (class IN ('alarm', 'manual', 'system')),
  category text NOT NULL,
  reality text NOT NULL,
  group_key text,
  state text NOT NULL CHECK (state IN ('open', 'acknowledged', 'resolved', 'closed')),
  condition text NOT NULL CHECK (condition IN ('active', 'normal')),
  severity text NOT NULL,
  site_id text,
  zone text,
  zones text[] NOT NULL DEFAULT '{}',
  source_id text,
  labels jsonb NOT NULL DEFAULT '{}',
  team_id text,
  route_id text,
  title text NOT NULL,
  description text,
  owner uuid,
  version integer NOT NULL DEFAULT 1,
  opened_at timestamptz NOT NULL,
  last_signal_at timestamptz NOT NULL,
  acknowledged_at timestamptz,
  resolved_at timestamptz,
  resolved_by text,
  closed_at timestamptz,
  disposition text,
  auto_resolve boolean NOT NULL DEFAULT false,
  alert_count integer NOT NULL DEFAULT 0,
  firing_count integer NOT NULL DEFAULT 0,
  epoch integer NOT NULL DEFAULT 0,
  idle_ordinal integer NOT NULL DEFAULT 0,
  idle_rearmed boolean NOT NULL DEFAULT false,
  last_dispatch uuid[] NOT NULL DEFAULT '{}',
  -- Head of the incident's stream in the event log.
  head_seq bigint NOT NULL DEFAULT 0,
  head_hash bytea,
  head_at timestamptz
) WITH (fillfactor = 60);
CREATE UNIQUE INDEX incident_group_open ON incident (group_key) WHERE state IN ('open', 'acknowledged') AND group_key IS NOT NULL;
CREATE INDEX incident_group_resolved ON incident (group_key, resolved_at) WHERE state = 'resolved' AND group_key IS NOT NULL;
CREATE INDEX incident_live ON incident (agency_id, opened_at, id) WHERE state IN ('open', 'acknowledged');
CREATE INDEX incident_register ON incident (agency_id, id);
CREATE INDEX incident_site ON incident (agency_id, site_id, id);

CREATE TABLE run (
  id uuid PRIMARY KEY,
  agency_id text NOT NULL,
  incident_id uuid NOT NULL REFERENCES incident,
  kind text NOT NULL CHECK (kind IN ('alerting', 'response')),
  epoch integer NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'held', 'ended')),
  config_version bigint NOT NULL,
  plan jsonb NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  ended_by text,
  assignment_id uuid,
  step integer NOT NULL DEFAULT 0,
  repeats integer[] NOT NULL DEFAULT '{}',
  exhausted_at timestamptz
) WITH (fillfactor = 80);
CREATE INDEX run_live ON run (incident_id) WHERE state <> 'ended';
CREATE UNIQUE INDEX run_one_alerting ON run (incident_id) WHERE state <> 'ended' AND kind = 'alerting';

CREATE TABLE timer (
  id uuid PRIMARY KEY,
  agency_id text NOT NULL,
  kind text NOT NULL,
  subject_kind text NOT NULL DEFAULT 'incident',
  subject_id uuid NOT NULL,
  run_id uuid,
  ordinal integer NOT NULL,
  due_at timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('pending', 'fired', 'cancelled')),
  ended_at timestamptz,
  data jsonb,
  CHECK (subject_kind <> 'incident' OR run_id IS NOT NULL),
  UNIQUE NULLS NOT DISTINCT (kind, subject_id, run_id, ordinal)
) WITH (fillfactor = 80);
CREATE INDEX timer_due ON timer (due_at, id) WHERE state = 'pending';
CREATE INDEX timer_subject ON timer (subject_id) WHERE state = 'pending';

CREATE TABLE assignment (
  id uuid PRIMARY KEY,
  agency_id text NOT NULL,
  incident_id uuid NOT NULL REFERENCES incident,
  person_id uuid NOT NULL,
  team_id text,
  state text NOT NULL,
  run_id uuid NOT NULL,
  dispatched_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL
);
CREATE INDEX assignment_incident ON assignment (incident_id);
CREATE UNIQUE INDEX assignment_active ON assignment (incident_id, person_id)
  WHERE state IN ('notified', 'accepted', 'en_route', 'on_scene');

-- ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE notification (
  id uuid PRIMARY KEY,
  agency_id text NOT NULL,
  incident_id uuid NOT NULL REFERENCES incident,
  run_id uuid,
  kind text NOT NULL CHECK (kind IN ('page', 'response', 'notice')),
  notice text,
  step integer NOT NULL,
  repeat integer NOT NULL,
  target_kind text NOT NULL CHECK (target_kind IN ('person', 'channel')),
  target_id text NOT NULL,
  channel text NOT NULL,
  rung integer NOT NULL DEFAULT 0,
  severity text NOT NULL,
  reality text NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'sent', 'delivered', 'seen', 'failed', 'suppressed')),
  reason jsonb,
  due_at timestamptz NOT NULL,
  -- Not before (pace, Retry-After); the claim looks at waiting rows whose time has come.
  wait_until timestamptz NOT NULL,
  delivery_id uuid,
  changed_at timestamptz NOT NULL,
  -- `rung`: a ladder may have two addresses of one channel. Its index also finds an incident's notifications.
  UNIQUE NULLS NOT DISTINCT (incident_id, run_id, kind, step, repeat, target_kind, target_id, channel, rung, notice)
) WITH (fillfactor = 70);
-- By lane and time: a backlog of one lane is never read to find another's.
CREATE INDEX notification_waiting ON notification (channel, severity, wait_until) WHERE state = 'waiting';
CREATE INDEX notification_target ON notification (target_id) WHERE state = 'waiting';
CREATE INDEX notification_run ON notification (run_id) WHERE state = 'waiting';

CREATE TABLE delivery (
  id uuid PRIMARY KEY, -- the idempotency key
  agency_id text NOT NULL,
  target_kind text NOT NULL,
  target_id text NOT NULL,
  channel text NOT NULL,
  rung integer NOT NULL DEFAULT 0,
  severity text NOT NULL,
  notification_ids uuid[] NOT NULL,
  incident_ids uuid[] NOT NULL,
  -- sending: a call may be under way; retry: to be sent again at retry_at with the same key
  state text NOT NULL CHECK (state IN ('sending', 'retry', 'accepted', 'delivered', 'seen', 'failed', 'abandoned')),
  code_hash bytea UNIQUE, -- one-time acknowledge code
  code_used_at timestamptz,
  made_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 1,
  -- sending: when the attempt counts as unknown; retry: when to send again
  act_at timestamptz,
  -- accepted without proof by then: the next rung is tried
  proof_due_at timestamptz
) WITH (fillfactor = 70);
CREATE INDEX delivery_act ON delivery (act_at) WHERE state IN ('sending', 'retry');
CREATE INDEX delivery_proof ON delivery (proof_due_at) WHERE state = 'accepted' AND proof_due_at IS NOT NULL;
CREATE INDEX delivery_incidents ON delivery USING gin (incident_ids);

CREATE TABLE attempt (
  delivery_id uuid NOT NULL REFERENCES delivery,
  ordinal integer NOT NULL,
  state text NOT NULL CHECK (state IN ('sending', 'accepted', 'failed', 'unknown', 'abandoned')),
  began_at timestamptz NOT NULL,
  ended_at timestamptz,
  code text,
  provider_id text,
  PRIMARY KEY (delivery_id, ordinal)
);

-- What a person has been sent lately, per channel: the input of `pace`.
CREATE TABLE pager (
  person_id uuid NOT NULL,
  channel text NOT NULL,
  sent_at timestamptz[] NOT NULL DEFAULT '{}',
  last_critical_at timestamptz,
  PRIMARY KEY (person_id, channel)
) WITH (fillfactor = 60);

-- ── Event log ────────────────────────────────────────────────────────────────────────────────────────────────────

-- Streams other than incidents: configuration, sources, sessions.
CREATE TABLE stream_head (
  stream uuid PRIMARY KEY,
  agency_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('config', 'source', 'session', 'system')),
  name text NOT NULL,
  seq bigint NOT NULL DEFAULT 0,
  hash bytea,
  at timestamptz,
  UNIQUE (agency_id, kind, name)
);

CREATE TABLE event (
  position bigint GENERATED ALWAYS AS IDENTITY (CACHE 1) PRIMARY KEY,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  stream uuid NOT NULL,
  seq bigint NOT NULL,
  type text NOT NULL,
  at timestamptz NOT NULL,
  occurred_at timestamptz,
  actor_kind text NOT NULL,
  actor_id text NOT NULL,
  on_behalf_of uuid,
  -- Null after a redaction, together with reason and salt; the chain still verifies by body_hash.
  data jsonb,
  reason jsonb,
  salt bytea,
  body_hash bytea NOT NULL,
  hash bytea NOT NULL,
  reality text NOT NULL,
  agency_id text NOT NULL,
  site_id text,
  incident boolean NOT NULL,
  UNIQUE (stream, seq)
);
CREATE INDEX event_cursor ON event (xid, position);

-- Each hour the heads that moved are folded into one chain, whose head is also logged outside the database.
CREATE TABLE checkpoint (
  ordinal bigint PRIMARY KEY,
  at timestamptz NOT NULL,
  -- [[stream, seq, hash hex], ...] sorted by stream
  heads jsonb NOT NULL,
  hash bytea NOT NULL
);

-- ── Processes ────────────────────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE process_heartbeat (
  id uuid PRIMARY KEY,
  service text NOT NULL,
  pid integer NOT NULL,
  started_at timestamptz NOT NULL,
  beat_at timestamptz NOT NULL,
  ready boolean NOT NULL
);
CREATE INDEX process_heartbeat_service ON process_heartbeat (service, beat_at);
