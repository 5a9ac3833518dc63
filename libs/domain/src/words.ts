/** The dictionary: the closed sets of words that code, wire, database and screens share. */

export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof severities)[number];

export const realities = ['actual', 'exercise', 'test'] as const;
export type Reality = (typeof realities)[number];

export const incidentStates = ['open', 'acknowledged', 'resolved', 'closed'] as const;
export type IncidentState = (typeof incidentStates)[number];

/** active: at least one alert fires; normal: none does ("returned to normal"). */
export type Condition = 'active' | 'normal';

/** alarm: opened by alerts of sources; manual: opened by a person; system: the product's own fault (SYS). */
export type IncidentClass = 'alarm' | 'manual' | 'system';

export const assignmentStates = [
  'notified',
  'accepted',
  'en_route',
  'on_scene',
  'clear',
  'declined',
  'stood_down',
  'recalled',
] as const;
export type AssignmentState = (typeof assignmentStates)[number];

export const dispositions = ['true', 'false', 'test', 'unknown'] as const;
export type Disposition = (typeof dispositions)[number];

export const categories = [
  'panic',
  'duress',
  'hold-up',
  'fire',
  'medical',
  'intrusion',
  'tamper',
  'supervision',
  'technical',
  'monitoring',
  'system',
  'other',
] as const;
/** One of `categories`, or a unit's own word from its catalogue. */
export type Category = string;

export const channels = ['push', 'email', 'webhook'] as const;
export type ChannelKind = (typeof channels)[number];

export const roles = ['operator', 'responder', 'commander', 'reviewer', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Text that people maintain, in the languages of the unit. `en` is always there. */
export interface Text3 {
  readonly en: string;
  readonly ur?: string;
  readonly zh?: string;
}

/** Microseconds since 1970-01-01T00:00:00Z: PostgreSQL's own resolution, safe as an integer until the year 2255. */
export type Instant = number;

export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** Why a decision fell as it did. `text` is English; screens render `code` and `params` in the reader's language. */
export interface Reason {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number | boolean | null>>;
  readonly text: string;
}

export type ActorKind = 'person' | 'source' | 'system';
export interface Actor {
  readonly kind: ActorKind;
  readonly id: string;
}
