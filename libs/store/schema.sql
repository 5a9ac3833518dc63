-- Dumped from the catalogue by dumpSchema: do not edit, write a migration.

CREATE OR REPLACE FUNCTION public.instant(micros bigint)
 RETURNS timestamp with time zone
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$ SELECT 'epoch'::timestamptz + micros * interval '1 microsecond' $function$
;

CREATE OR REPLACE FUNCTION public.micros(at timestamp with time zone)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$ SELECT (extract(epoch FROM at) * 1000000)::bigint $function$
;

CREATE SEQUENCE incident_number;

CREATE TABLE agency (
  id text NOT NULL,
  name jsonb NOT NULL,
  time_zone text NOT NULL,
  CONSTRAINT agency_pkey PRIMARY KEY (id)
);

CREATE TABLE alert (
  id uuid NOT NULL,
  agency_id text NOT NULL,
  principal_kind text NOT NULL,
  principal_id text NOT NULL,
  key text NOT NULL,
  key_hash bytea NOT NULL,
  reality text NOT NULL,
  site_id text,
  zone text,
  category text NOT NULL,
  severity text NOT NULL,
  lane smallint NOT NULL,
  title text NOT NULL,
  description text,
  lang text,
  labels jsonb NOT NULL DEFAULT '{}'::jsonb,
  links jsonb NOT NULL DEFAULT '[]'::jsonb,
  location jsonb,
  occurred_at timestamp with time zone,
  starts_at timestamp with time zone,
  ends_at timestamp with time zone,
  status text NOT NULL,
  count integer NOT NULL DEFAULT 1,
  accepted_at timestamp with time zone NOT NULL,
  last_signal_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  ended_by text,
  raw_id uuid,
  raw_index integer,
  group_key text,
  incident_id uuid,
  merged_at timestamp with time zone,
  merged_severity text,
  reported_count integer NOT NULL DEFAULT 0,
  reported_at timestamp with time zone,
  resolve_reported boolean NOT NULL DEFAULT false,
  stale_reported boolean NOT NULL DEFAULT false,
  work_due_at timestamp with time zone,
  attempts integer NOT NULL DEFAULT 0,
  parked_at timestamp with time zone,
  parked_code text,
  CONSTRAINT alert_pkey PRIMARY KEY (id),
  CONSTRAINT alert_principal_kind_check CHECK ((principal_kind = ANY (ARRAY['source'::text, 'person'::text, 'system'::text]))),
  CONSTRAINT alert_reality_check CHECK ((reality = ANY (ARRAY['actual'::text, 'exercise'::text, 'test'::text]))),
  CONSTRAINT alert_severity_check CHECK ((severity = ANY (ARRAY['critical'::text, 'high'::text, 'medium'::text, 'low'::text, 'info'::text]))),
  CONSTRAINT alert_status_check CHECK ((status = ANY (ARRAY['firing'::text, 'resolved'::text])))
) WITH (fillfactor=80);
CREATE INDEX alert_ends ON alert USING btree (ends_at) WHERE ((status = 'firing'::text) AND (ends_at IS NOT NULL) AND (NOT stale_reported));
CREATE UNIQUE INDEX alert_firing ON alert USING btree (key_hash) WHERE (status = 'firing'::text);
CREATE INDEX alert_incident ON alert USING btree (incident_id) WHERE (incident_id IS NOT NULL);
CREATE INDEX alert_key ON alert USING btree (key_hash, id);
CREATE INDEX alert_waiting ON alert USING btree (lane, work_due_at) WHERE (work_due_at IS NOT NULL);

CREATE TABLE assignment (
  id uuid NOT NULL,
  agency_id text NOT NULL,
  incident_id uuid NOT NULL,
  person_id uuid NOT NULL,
  team_id text,
  state text NOT NULL,
  run_id uuid NOT NULL,
  dispatched_at timestamp with time zone NOT NULL,
  changed_at timestamp with time zone NOT NULL,
  CONSTRAINT assignment_pkey PRIMARY KEY (id),
  CONSTRAINT assignment_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incident(id)
);
CREATE UNIQUE INDEX assignment_active ON assignment USING btree (incident_id, person_id) WHERE (state = ANY (ARRAY['notified'::text, 'accepted'::text, 'en_route'::text, 'on_scene'::text]));
CREATE INDEX assignment_incident ON assignment USING btree (incident_id);

CREATE TABLE attempt (
  delivery_id uuid NOT NULL,
  ordinal integer NOT NULL,
  state text NOT NULL,
  began_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  code text,
  provider_id text,
  CONSTRAINT attempt_pkey PRIMARY KEY (delivery_id, ordinal),
  CONSTRAINT attempt_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES delivery(id),
  CONSTRAINT attempt_state_check CHECK ((state = ANY (ARRAY['sending'::text, 'accepted'::text, 'failed'::text, 'unknown'::text, 'abandoned'::text])))
);

CREATE TABLE checkpoint (
  ordinal bigint NOT NULL,
  at timestamp with time zone NOT NULL,
  heads jsonb NOT NULL,
  hash bytea NOT NULL,
  CONSTRAINT checkpoint_pkey PRIMARY KEY (ordinal)
);

CREATE TABLE cluster (
  only_row boolean NOT NULL DEFAULT true,
  generation integer NOT NULL DEFAULT 1,
  CONSTRAINT cluster_pkey PRIMARY KEY (only_row),
  CONSTRAINT cluster_only_row_check CHECK (only_row)
);

CREATE TABLE config_version (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  agency_id text NOT NULL,
  document jsonb NOT NULL,
  hash bytea NOT NULL,
  folder_hash bytea,
  state text NOT NULL,
  applied_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  applied_by text NOT NULL,
  CONSTRAINT config_version_pkey PRIMARY KEY (id),
  CONSTRAINT config_version_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT config_version_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'effective'::text])))
);
CREATE INDEX config_version_effective ON config_version USING btree (agency_id, id DESC) WHERE (state = 'effective'::text);

CREATE TABLE delivery (
  id uuid NOT NULL,
  agency_id text NOT NULL,
  target_kind text NOT NULL,
  target_id text NOT NULL,
  channel text NOT NULL,
  rung integer NOT NULL DEFAULT 0,
  severity text NOT NULL,
  notification_ids uuid[] NOT NULL,
  incident_ids uuid[] NOT NULL,
  state text NOT NULL,
  code_hash bytea,
  code_used_at timestamp with time zone,
  made_at timestamp with time zone NOT NULL,
  attempts integer NOT NULL DEFAULT 1,
  act_at timestamp with time zone,
  proof_due_at timestamp with time zone,
  CONSTRAINT delivery_pkey PRIMARY KEY (id),
  CONSTRAINT delivery_code_hash_key UNIQUE (code_hash),
  CONSTRAINT delivery_state_check CHECK ((state = ANY (ARRAY['sending'::text, 'retry'::text, 'accepted'::text, 'delivered'::text, 'seen'::text, 'failed'::text, 'abandoned'::text])))
) WITH (fillfactor=70);
CREATE INDEX delivery_act ON delivery USING btree (act_at) WHERE (state = ANY (ARRAY['sending'::text, 'retry'::text]));
CREATE INDEX delivery_incidents ON delivery USING gin (incident_ids);
CREATE INDEX delivery_proof ON delivery USING btree (proof_due_at) WHERE ((state = 'accepted'::text) AND (proof_due_at IS NOT NULL));

CREATE TABLE event (
  "position" bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  stream uuid NOT NULL,
  seq bigint NOT NULL,
  type text NOT NULL,
  at timestamp with time zone NOT NULL,
  occurred_at timestamp with time zone,
  actor_kind text NOT NULL,
  actor_id text NOT NULL,
  on_behalf_of uuid,
  data jsonb,
  reason jsonb,
  salt bytea,
  body_hash bytea NOT NULL,
  hash bytea NOT NULL,
  reality text NOT NULL,
  agency_id text NOT NULL,
  site_id text,
  incident boolean NOT NULL,
  CONSTRAINT event_pkey PRIMARY KEY ("position"),
  CONSTRAINT event_stream_seq_key UNIQUE (stream, seq)
);
CREATE INDEX event_cursor ON event USING btree (xid, "position");

CREATE TABLE idempotency (
  principal text NOT NULL,
  request text NOT NULL,
  key text NOT NULL,
  body_hash bytea NOT NULL,
  status smallint NOT NULL,
  response text NOT NULL,
  made_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT idempotency_pkey PRIMARY KEY (principal, request, key)
);
CREATE INDEX idempotency_age ON idempotency USING btree (made_at);

CREATE TABLE incident (
  id uuid NOT NULL,
  agency_id text NOT NULL,
  number text NOT NULL,
  class text NOT NULL,
  category text NOT NULL,
  reality text NOT NULL,
  group_key text,
  state text NOT NULL,
  condition text NOT NULL,
  severity text NOT NULL,
  site_id text,
  zone text,
  zones text[] NOT NULL DEFAULT '{}'::text[],
  source_id text,
  labels jsonb NOT NULL DEFAULT '{}'::jsonb,
  team_id text,
  route_id text,
  title text NOT NULL,
  description text,
  owner uuid,
  version integer NOT NULL DEFAULT 1,
  opened_at timestamp with time zone NOT NULL,
  last_signal_at timestamp with time zone NOT NULL,
  acknowledged_at timestamp with time zone,
  resolved_at timestamp with time zone,
  resolved_by text,
  closed_at timestamp with time zone,
  disposition text,
  auto_resolve boolean NOT NULL DEFAULT false,
  alert_count integer NOT NULL DEFAULT 0,
  firing_count integer NOT NULL DEFAULT 0,
  epoch integer NOT NULL DEFAULT 0,
  idle_ordinal integer NOT NULL DEFAULT 0,
  idle_rearmed boolean NOT NULL DEFAULT false,
  last_dispatch uuid[] NOT NULL DEFAULT '{}'::uuid[],
  head_seq bigint NOT NULL DEFAULT 0,
  head_hash bytea,
  head_at timestamp with time zone,
  CONSTRAINT incident_pkey PRIMARY KEY (id),
  CONSTRAINT incident_class_check CHECK ((class = ANY (ARRAY['alarm'::text, 'manual'::text, 'system'::text]))),
  CONSTRAINT incident_condition_check CHECK ((condition = ANY (ARRAY['active'::text, 'normal'::text]))),
  CONSTRAINT incident_state_check CHECK ((state = ANY (ARRAY['open'::text, 'acknowledged'::text, 'resolved'::text, 'closed'::text])))
) WITH (fillfactor=60);
CREATE UNIQUE INDEX incident_group_open ON incident USING btree (group_key) WHERE ((state = ANY (ARRAY['open'::text, 'acknowledged'::text])) AND (group_key IS NOT NULL));
CREATE INDEX incident_group_resolved ON incident USING btree (group_key, resolved_at) WHERE ((state = 'resolved'::text) AND (group_key IS NOT NULL));
CREATE INDEX incident_live ON incident USING btree (agency_id, opened_at, id) WHERE (state = ANY (ARRAY['open'::text, 'acknowledged'::text]));
CREATE INDEX incident_register ON incident USING btree (agency_id, id);
CREATE INDEX incident_site ON incident USING btree (agency_id, site_id, id);

CREATE TABLE notification (
  id uuid NOT NULL,
  agency_id text NOT NULL,
  incident_id uuid NOT NULL,
  run_id uuid,
  kind text NOT NULL,
  notice text,
  step integer NOT NULL,
  repeat integer NOT NULL,
  target_kind text NOT NULL,
  target_id text NOT NULL,
  channel text NOT NULL,
  rung integer NOT NULL DEFAULT 0,
  severity text NOT NULL,
  reality text NOT NULL,
  state text NOT NULL,
  reason jsonb,
  due_at timestamp with time zone NOT NULL,
  wait_until timestamp with time zone NOT NULL,
  delivery_id uuid,
  changed_at timestamp with time zone NOT NULL,
  CONSTRAINT notification_pkey PRIMARY KEY (id),
  CONSTRAINT notification_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incident(id),
  CONSTRAINT notification_incident_id_run_id_kind_step_repeat_target_kin_key UNIQUE NULLS NOT DISTINCT (incident_id, run_id, kind, step, repeat, target_kind, target_id, channel, rung, notice),
  CONSTRAINT notification_kind_check CHECK ((kind = ANY (ARRAY['page'::text, 'response'::text, 'notice'::text]))),
  CONSTRAINT notification_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'delivered'::text, 'seen'::text, 'failed'::text, 'suppressed'::text]))),
  CONSTRAINT notification_target_kind_check CHECK ((target_kind = ANY (ARRAY['person'::text, 'channel'::text])))
) WITH (fillfactor=70);
CREATE INDEX notification_run ON notification USING btree (run_id) WHERE (state = 'waiting'::text);
CREATE INDEX notification_target ON notification USING btree (target_id) WHERE (state = 'waiting'::text);
CREATE INDEX notification_waiting ON notification USING btree (channel, severity, wait_until) WHERE (state = 'waiting'::text);

CREATE TABLE pager (
  person_id uuid NOT NULL,
  channel text NOT NULL,
  sent_at timestamp with time zone[] NOT NULL DEFAULT '{}'::timestamp with time zone[],
  last_critical_at timestamp with time zone,
  CONSTRAINT pager_pkey PRIMARY KEY (person_id, channel)
) WITH (fillfactor=60);

CREATE TABLE person (
  id uuid NOT NULL,
  agency_id text NOT NULL,
  slug text NOT NULL,
  name jsonb NOT NULL,
  language text NOT NULL,
  username text,
  password_hash text,
  grants jsonb NOT NULL DEFAULT '[]'::jsonb,
  managed_by text NOT NULL,
  active boolean NOT NULL DEFAULT true,
  rights_changed_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT person_pkey PRIMARY KEY (id),
  CONSTRAINT person_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT person_agency_id_slug_key UNIQUE (agency_id, slug),
  CONSTRAINT person_language_check CHECK ((language = ANY (ARRAY['en'::text, 'ur'::text, 'zh'::text]))),
  CONSTRAINT person_managed_by_check CHECK ((managed_by = ANY (ARRAY['files'::text, 'people'::text])))
);
CREATE UNIQUE INDEX person_username ON person USING btree (lower(username)) WHERE (username IS NOT NULL);

CREATE TABLE process_heartbeat (
  id uuid NOT NULL,
  service text NOT NULL,
  pid integer NOT NULL,
  started_at timestamp with time zone NOT NULL,
  beat_at timestamp with time zone NOT NULL,
  ready boolean NOT NULL,
  CONSTRAINT process_heartbeat_pkey PRIMARY KEY (id)
);
CREATE INDEX process_heartbeat_service ON process_heartbeat USING btree (service, beat_at);

CREATE TABLE push_subscription (
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  session_id uuid,
  endpoint_hash bytea NOT NULL,
  sealed bytea NOT NULL,
  made_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  proven_at timestamp with time zone,
  dead_at timestamp with time zone,
  dead_code text,
  CONSTRAINT push_subscription_pkey PRIMARY KEY (id),
  CONSTRAINT push_subscription_endpoint_hash_key UNIQUE (endpoint_hash),
  CONSTRAINT push_subscription_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id),
  CONSTRAINT push_subscription_session_id_fkey FOREIGN KEY (session_id) REFERENCES session(id) ON DELETE SET NULL
);
CREATE INDEX push_subscription_person ON push_subscription USING btree (person_id) WHERE (dead_at IS NULL);

CREATE TABLE raw_signal (
  id uuid NOT NULL,
  agency_id text NOT NULL,
  principal_kind text NOT NULL,
  principal_id text NOT NULL,
  door text NOT NULL,
  content_type text,
  body bytea NOT NULL,
  received_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT raw_signal_pkey PRIMARY KEY (id)
);

CREATE TABLE run (
  id uuid NOT NULL,
  agency_id text NOT NULL,
  incident_id uuid NOT NULL,
  kind text NOT NULL,
  epoch integer NOT NULL,
  state text NOT NULL,
  config_version bigint NOT NULL,
  plan jsonb NOT NULL,
  started_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  ended_by text,
  assignment_id uuid,
  step integer NOT NULL DEFAULT 0,
  repeats integer[] NOT NULL DEFAULT '{}'::integer[],
  exhausted_at timestamp with time zone,
  CONSTRAINT run_pkey PRIMARY KEY (id),
  CONSTRAINT run_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incident(id),
  CONSTRAINT run_kind_check CHECK ((kind = ANY (ARRAY['alerting'::text, 'response'::text]))),
  CONSTRAINT run_state_check CHECK ((state = ANY (ARRAY['running'::text, 'held'::text, 'ended'::text])))
) WITH (fillfactor=80);
CREATE INDEX run_live ON run USING btree (incident_id) WHERE (state <> 'ended'::text);
CREATE UNIQUE INDEX run_one_alerting ON run USING btree (incident_id) WHERE ((state <> 'ended'::text) AND (kind = 'alerting'::text));

CREATE TABLE schema_migration (
  number integer NOT NULL,
  name text NOT NULL,
  sha256 text NOT NULL,
  breaking boolean NOT NULL,
  applied_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT schema_migration_pkey PRIMARY KEY (number)
);

CREATE TABLE secret (
  name text NOT NULL,
  sealed bytea NOT NULL,
  made_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT secret_pkey PRIMARY KEY (name)
);

CREATE TABLE session (
  id uuid NOT NULL,
  token_hash bytea NOT NULL,
  person_id uuid NOT NULL,
  opened_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  seen_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  ended_by text,
  CONSTRAINT session_pkey PRIMARY KEY (id),
  CONSTRAINT session_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id),
  CONSTRAINT session_token_hash_key UNIQUE (token_hash)
);
CREATE INDEX session_person ON session USING btree (person_id) WHERE (ended_at IS NULL);

CREATE TABLE site (
  agency_id text NOT NULL,
  id text NOT NULL,
  code text NOT NULL,
  name jsonb NOT NULL,
  groups text[] NOT NULL DEFAULT '{}'::text[],
  zones jsonb NOT NULL DEFAULT '[]'::jsonb,
  location jsonb,
  managed_by text NOT NULL,
  active boolean NOT NULL DEFAULT true,
  CONSTRAINT site_pkey PRIMARY KEY (agency_id, id),
  CONSTRAINT site_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT site_managed_by_check CHECK ((managed_by = ANY (ARRAY['files'::text, 'people'::text])))
);

CREATE TABLE socket_ticket (
  token_hash bytea NOT NULL,
  session_id uuid NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT socket_ticket_pkey PRIMARY KEY (token_hash),
  CONSTRAINT socket_ticket_session_id_fkey FOREIGN KEY (session_id) REFERENCES session(id) ON DELETE CASCADE
);

CREATE TABLE source (
  agency_id text NOT NULL,
  id text NOT NULL,
  name jsonb NOT NULL,
  protocol text NOT NULL,
  token_hash bytea,
  scope jsonb NOT NULL DEFAULT '[]'::jsonb,
  budget jsonb NOT NULL,
  defaults jsonb NOT NULL DEFAULT '{}'::jsonb,
  managed_by text NOT NULL,
  active boolean NOT NULL DEFAULT true,
  CONSTRAINT source_pkey PRIMARY KEY (agency_id, id),
  CONSTRAINT source_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT source_managed_by_check CHECK ((managed_by = ANY (ARRAY['files'::text, 'people'::text]))),
  CONSTRAINT source_token_hash_key UNIQUE (token_hash)
);

CREATE TABLE stream_head (
  stream uuid NOT NULL,
  agency_id text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  seq bigint NOT NULL DEFAULT 0,
  hash bytea,
  at timestamp with time zone,
  CONSTRAINT stream_head_pkey PRIMARY KEY (stream),
  CONSTRAINT stream_head_agency_id_kind_name_key UNIQUE (agency_id, kind, name),
  CONSTRAINT stream_head_kind_check CHECK ((kind = ANY (ARRAY['config'::text, 'source'::text, 'session'::text, 'system'::text])))
);

CREATE TABLE team (
  agency_id text NOT NULL,
  id text NOT NULL,
  name jsonb NOT NULL,
  members uuid[] NOT NULL DEFAULT '{}'::uuid[],
  managed_by text NOT NULL,
  active boolean NOT NULL DEFAULT true,
  CONSTRAINT team_pkey PRIMARY KEY (agency_id, id),
  CONSTRAINT team_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT team_managed_by_check CHECK ((managed_by = ANY (ARRAY['files'::text, 'people'::text])))
);

CREATE TABLE timer (
  id uuid NOT NULL,
  agency_id text NOT NULL,
  kind text NOT NULL,
  subject_kind text NOT NULL DEFAULT 'incident'::text,
  subject_id uuid NOT NULL,
  run_id uuid,
  ordinal integer NOT NULL,
  due_at timestamp with time zone NOT NULL,
  state text NOT NULL,
  ended_at timestamp with time zone,
  data jsonb,
  CONSTRAINT timer_pkey PRIMARY KEY (id),
  CONSTRAINT timer_check CHECK (((subject_kind <> 'incident'::text) OR (run_id IS NOT NULL))),
  CONSTRAINT timer_kind_subject_id_run_id_ordinal_key UNIQUE NULLS NOT DISTINCT (kind, subject_id, run_id, ordinal),
  CONSTRAINT timer_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'fired'::text, 'cancelled'::text])))
) WITH (fillfactor=80);
CREATE INDEX timer_due ON timer USING btree (due_at, id) WHERE (state = 'pending'::text);
CREATE INDEX timer_subject ON timer USING btree (subject_id) WHERE (state = 'pending'::text);
