import type { AssignmentState, Reason, Text3 } from '@tocsin/domain';

/** One event of a stream, as REST and the socket show it. */
export interface EventView {
  /** null outside incidents. */
  readonly incidentId: string | null;
  readonly stream: string;
  readonly seq: number;
  readonly type: string;
  readonly at: string;
  /** When it happened, if a person said so. */
  readonly occurredAt: string | null;
  readonly actor: { readonly kind: string; readonly id: string; readonly name: string };
  readonly onBehalfOf: string | null;
  /** Null after a redaction, together with `reason`. */
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly reason: Reason | null;
}

export interface SiteView {
  readonly id: string;
  readonly code: string;
  readonly name: Text3;
  readonly groups: readonly string[];
  readonly zones: readonly { readonly id: string; readonly name: Text3 }[];
  readonly location: { readonly lat: number; readonly lon: number } | null;
  readonly timeZone: string;
}

export interface TeamMemberView {
  /** Person id. */
  readonly id: string;
  readonly name: Text3;
  readonly onDuty: boolean;
  /** The latest active one whose incident the reader may see. */
  readonly assignment?: { readonly id: string; readonly incidentId: string; readonly number: string; readonly state: AssignmentState; readonly at: string };
}
export interface TeamView {
  readonly id: string;
  readonly name: Text3;
  readonly schedule: string | null;
  readonly members: readonly TeamMemberView[];
}

export interface PersonView {
  readonly id: string;
  readonly slug: string;
  readonly name: Text3;
  readonly username: string | null;
}

/** Who asks: what GET /v1/session answers. */
export interface UserView {
  readonly id: string;
  readonly slug: string;
  readonly username: string;
  readonly name: Text3;
  readonly language: 'en' | 'ur' | 'zh';
  readonly roles: readonly string[];
  readonly grants: readonly unknown[];
  /** Sites that the grants cover; null = the whole unit. */
  readonly sites: readonly string[] | null;
  /** Acts that some grant allows somewhere; each is checked again where it is done. */
  readonly acts: readonly string[];
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** One notification of an incident and what became of it, in the order in which they were due. */
export interface DeliveryView {
  /** The notification's id: what events call `notificationId`. */
  readonly id: string;
  readonly kind: 'page' | 'response' | 'notice';
  readonly notice: string | null;
  readonly step: number;
  readonly repeat: number;
  /** Person id; null when the target is a channel. */
  readonly person: string | null;
  /** Channel of the configuration; null when the target is a person. */
  readonly target: string | null;
  readonly channel: string;
  readonly rung: number;
  readonly severity: string;
  readonly state: 'waiting' | 'sent' | 'delivered' | 'seen' | 'failed' | 'suppressed';
  readonly reason: Reason | null;
  /** The message that carried it, perhaps together with others. */
  readonly deliveryId: string | null;
  readonly deliveryState: string | null;
  /** When it should have left. */
  readonly queuedAt: string;
  readonly sentAt: string | null;
  /** The provider took it; no proof that it arrived. */
  readonly acceptedAt: string | null;
  readonly deliveredAt: string | null;
  readonly seenAt: string | null;
  /** Its one-time code was used. */
  readonly acknowledgedAt: string | null;
  readonly failedAt: string | null;
  readonly changedAt: string;
  readonly attempt: number;
  readonly attempts: readonly { readonly ordinal: number; readonly state: string; readonly beganAt: string; readonly endedAt: string | null; readonly code: string | null }[];
}
