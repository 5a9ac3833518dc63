import type { ActName } from '@tocsin/domain';
import { actBodies, actNames } from './act-bodies.js';
import { NewSessionView, PersonView, SessionView, SiteView, TeamView, TicketView } from './catalogue-views.js';
import type { GatewayErrorCode } from './gateway-errors.js';
import { ExplainBody, OpenIncidentBody } from './incident-bodies.js';
import { IncidentView } from './incident-view.js';
import { EventQuery, IncidentQuery, ScheduleQuery, WholeListQuery } from './list-queries.js';
import { DeliveryView, EventView } from './log-views.js';
import { AcknowledgeCodeBody, PushSubscriptionBody, PushUnsubscribeBody, ReceiptBody } from './push-bodies.js';
import { SignInBody } from './session-bodies.js';

type Class = new () => object;

/** A door as the OpenAPI document shows it: plain data. A spec compares the table with the doors that there are. */
export interface PeopleRoute {
  readonly method: 'get' | 'post' | 'delete';
  /** With parameters as `{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** False: no session is asked for. */
  readonly signedIn?: false;
  readonly body?: Class;
  readonly query?: Class;
  readonly takesIdempotencyKey?: true;
  readonly answer: {
    readonly status: number;
    readonly description: string;
    readonly schema?: Class;
    readonly isList?: true;
  };
  readonly errors: readonly GatewayErrorCode[];
}

const bodyErrors: readonly GatewayErrorCode[] = [
  'invalid-json',
  'invalid-encoding',
  'body-too-large',
  'unsupported-media-type',
  'invalid',
  'forbidden-text',
  'forbidden-name',
  'duplicate-name',
  'too-deep',
];
const actErrors: readonly GatewayErrorCode[] = [
  ...bodyErrors,
  'forbidden',
  'not-found',
  'illegal-move',
  'stale-version',
  'not-yet',
  'unknown-person',
  'bad-idempotency-key',
  'idempotency-key-reused',
];

const summaryOf: Readonly<Record<ActName, string>> = {
  acknowledge: 'I have seen it: stop paging. Says nothing of going',
  take: 'Mine now',
  release: 'Not mine any more; a held incident that nobody is sent to returns to everybody',
  transfer: 'Yours, I leave',
  dispatch: 'Send people: named ones, teams, or with an empty body the on-duty members of the routed team',
  recall: 'Undo the last dispatch',
  'stand-down': 'Everybody back',
  accept: 'I go; without having been sent, I send myself',
  decline: 'I cannot',
  'en-route': 'On my way',
  'on-scene': 'There',
  clear: 'Done there',
  escalate: 'The next step, now',
  regrade: 'How bad it is; graver alerts anew',
  note: 'A word for the record',
  resolve: 'The cause has ended',
  close: 'The record is complete',
  reopen: 'It was not over',
};

const actRoutes: readonly PeopleRoute[] = actNames.map((act) => ({
  method: 'post',
  path: `/v1/incidents/{id}/${act}`,
  summary: summaryOf[act],
  description:
    'An act that is already true answers 200 without an event; a refused one carries the current state as `incident`.',
  body: actBodies[act],
  takesIdempotencyKey: true,
  answer: { status: 200, description: 'The incident as it stands now', schema: IncidentView },
  errors:
    act === 'dispatch'
      ? [...actErrors, 'nobody-on-duty', 'unknown-team']
      : act === 'reopen'
        ? [...actErrors, 'group-has-open-incident']
        : actErrors,
}));

const list = (path: string, summary: string, schema?: Class, query: Class = WholeListQuery): PeopleRoute => ({
  method: 'get',
  path,
  summary,
  query,
  answer: { status: 200, description: 'The list', ...(schema === undefined ? {} : { schema }), isList: true },
  errors: ['invalid-query'],
});

export const peopleRoutes: readonly PeopleRoute[] = [
  {
    method: 'post',
    path: '/v1/session',
    summary: 'Sign in',
    signedIn: false,
    body: SignInBody,
    description: 'Also sets an HttpOnly cookie. Guessing is slowed, nobody is locked out.',
    answer: { status: 201, description: 'Signed in', schema: NewSessionView },
    errors: [...bodyErrors, 'wrong-credentials', 'too-many-attempts', 'foreign-origin'],
  },
  {
    method: 'get',
    path: '/v1/session',
    summary: 'Who am I',
    answer: { status: 200, description: 'The session', schema: SessionView },
    errors: [],
  },
  {
    method: 'delete',
    path: '/v1/session',
    summary: 'Sign out',
    answer: { status: 204, description: 'Ended, everywhere within 2 s' },
    errors: [],
  },
  {
    method: 'post',
    path: '/v1/session/socket-ticket',
    summary: 'A one-use ticket for the socket, good for 30 s',
    answer: { status: 201, description: 'The ticket', schema: TicketView },
    errors: [],
  },
  { ...list('/v1/incidents', 'Incidents, the newest first', IncidentView, IncidentQuery) },
  {
    method: 'post',
    path: '/v1/incidents',
    summary: 'Open an incident by hand',
    body: OpenIncidentBody,
    takesIdempotencyKey: true,
    description:
      'A phone or radio call. It neither joins another incident nor is joined; its first pages are queued before the answer.',
    answer: { status: 201, description: 'Opened', schema: IncidentView },
    errors: [...bodyErrors, 'forbidden', 'unknown-site', 'not-yet', 'bad-idempotency-key', 'idempotency-key-reused'],
  },
  {
    method: 'get',
    path: '/v1/incidents/{id}',
    summary: 'One incident',
    answer: { status: 200, description: 'The incident', schema: IncidentView },
    errors: ['not-found'],
  },
  {
    ...list('/v1/incidents/{id}/events', 'Its log, in order', EventView, EventQuery),
    errors: ['not-found', 'invalid-query'],
  },
  {
    ...list('/v1/incidents/{id}/deliveries', 'Who was told, how, and what is proven', DeliveryView),
    errors: ['not-found', 'invalid-query'],
  },
  ...actRoutes,
  {
    method: 'post',
    path: '/v1/explain',
    summary: 'Who would be paged, minute by minute, and why. Sends nothing',
    body: ExplainBody,
    answer: { status: 200, description: 'Route with its trace, then every moment at which somebody would be paged' },
    errors: [...bodyErrors, 'unknown-site', 'not-found'],
  },
  list('/v1/sites', 'Guarded places within sight', SiteView),
  list('/v1/teams', 'Teams, who is on duty, who is committed where', TeamView),
  list('/v1/people', 'Names of the people of the unit', PersonView),
  list('/v1/schedules', 'Who is on call now and next', undefined, ScheduleQuery),
  list('/v1/routes', 'Routes in their order'),
  list('/v1/policies', 'Escalation policies'),
  list('/v1/silences', 'Silences with their state'),
  list('/v1/sources', 'Sources, without their tokens'),
  {
    method: 'get',
    path: '/v1/push/key',
    summary: 'Public VAPID key',
    answer: { status: 200, description: '{ publicKey }' },
    errors: [],
  },
  {
    method: 'post',
    path: '/v1/push/subscriptions',
    summary: 'This phone may be paged',
    body: PushSubscriptionBody,
    answer: { status: 201, description: '{ id }' },
    errors: bodyErrors,
  },
  {
    method: 'delete',
    path: '/v1/push/subscriptions',
    summary: 'This phone may not be paged any more',
    body: PushUnsubscribeBody,
    answer: { status: 204, description: 'Ended' },
    errors: [...bodyErrors, 'not-found'],
  },
  {
    method: 'post',
    path: '/v1/push/receipts',
    summary: 'A page arrived, or was opened',
    signedIn: false,
    body: ReceiptBody,
    answer: { status: 204, description: 'Recorded' },
    errors: [...bodyErrors, 'unknown-code'],
  },
  {
    method: 'post',
    path: '/v1/push/acknowledge',
    summary: 'Acknowledge what a page named, by its one-time code',
    signedIn: false,
    body: AcknowledgeCodeBody,
    answer: { status: 200, description: '{ person, incidents: [{ id, number, state, refusal? }] }' },
    errors: [...bodyErrors, 'unknown-code'],
  },
];
