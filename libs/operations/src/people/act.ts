import { createHash } from 'node:crypto';
import type { IncidentView, Sight } from '@tocsin/contracts';
import {
  type Act,
  type Aggregate,
  type Decision,
  decideThrough,
  type Input,
  type NewNotification,
  parseInstant,
  type Refusal,
  SECOND,
} from '@tocsin/domain';
import {
  claimKey,
  clockNow,
  groupHolder,
  type IdempotentRequest,
  isInvolved,
  together,
  lastAssignmentState,
  type Loaded,
  loadAggregates,
  readIncident,
  storeAnswer,
  type Tx,
} from '@tocsin/store';
import { type Commit, deciding } from '../commit-throttled.js';
import { type Context, factsOf } from '../context.js';
import { relayNotifications } from '../alerts/merge-alerts.js';
import { mayAct, maySpeakForOthers, type Person, sees } from './rights.js';

export interface ActRequest {
  readonly person: Person;
  readonly sight: Sight;
  readonly incidentId: string;
  readonly act: Act;
  readonly onBehalfOf?: string;
  /** RFC 3339, as the person said it. */
  readonly occurredAt?: string;
  readonly expectedVersion?: number;
  readonly idempotency: IdempotentRequest | null;
}

export type ActRefusalCode =
  | Refusal['code']
  | 'not-found'
  | 'forbidden'
  | 'unknown-site'
  | 'not-yet'
  | 'idempotency-key-reused';

/** `text` is the JSON that the door sends, so that a repeated request gets the same bytes. */
export type ActAnswer =
  | { readonly ok: true; readonly status: number; readonly text: string }
  | {
      readonly ok: false;
      readonly code: ActRefusalCode;
      readonly message: string;
      readonly incident?: IncidentView;
      readonly incidentId?: string;
    };

/** Clocks of phones may be ahead of ours by this much. */
const aheadOf = 60 * SECOND;

/**
 * One act of one person on one incident: load under its lock, decide, commit. An act that is already true answers 200
 * and writes nothing; a refusal changes nothing and brings the current state. What the person may not see is not found.
 */
export async function performAct(context: Context, request: ActRequest): Promise<ActAnswer> {
  const config = await context.config.current();
  const done = await answerOnce(context, request.idempotency, async (tx, commit) => {
    const [loaded, now, involved] = await together(
      lockOne(tx, request),
      clockNow(tx),
      isInvolved(tx, request.incidentId, request.person.id),
    );
    const input = await inputOf(tx, request, { loaded, sites: config.document.sites, now, involved });
    const decisions = decided(decideThrough(loaded.aggregate, input, factsOf(config), now));
    if (!Array.isArray(decisions)) {
      if (await isTrueAlready(tx, request, decisions))
        return { status: 200, body: await readIncident(tx, request.sight, request.incidentId), notifications: [] };
      throw await refusedNow(tx, request, decisions);
    }
    // crash-point: act.before-write
    const committed = await commit(now, decisions.length === 0 ? [] : [{ loaded, decisions }]);
    return {
      status: 200,
      body: await readIncident(tx, request.sight, request.incidentId),
      notifications: committed.notifications,
    };
  });
  if (done.answer.ok) {
    // crash-point: act.after-commit
    relayNotifications(context, done.notifications);
    context.tick();
  }
  return done.answer;
}

export interface Worked {
  readonly status: number;
  readonly body: unknown;
  readonly notifications: readonly NewNotification[];
}

type OkDecision = Extract<Decision, { ok: true }>;

/** Thrown inside the transaction, so that a refused act leaves nothing behind, not even its key. */
export class RefusedAct extends Error {
  constructor(readonly answer: ActAnswer & { ok: false }) {
    super(answer.code);
  }
}

/** Runs `work` in a transaction, once per Idempotency-Key: a repeat gets the stored answer, another body is refused. */
export async function answerOnce(
  context: Context,
  idempotency: IdempotentRequest | null,
  work: (tx: Tx, commit: Commit) => Promise<Worked>,
): Promise<{ answer: ActAnswer; notifications: readonly NewNotification[] }> {
  try {
    return await deciding(context.pool, async (tx, commit) => {
      const stored = idempotency === null ? null : await claimKey(tx, idempotency);
      if (stored !== null) {
        if (idempotency?.bodyHash.equals(stored.bodyHash) !== true)
          throw refusal('idempotency-key-reused', 'This Idempotency-Key was used for another body.');
        return { answer: { ok: true as const, status: stored.status, text: stored.response }, notifications: [] };
      }
      const { status, body, notifications } = await work(tx, commit);
      const text = JSON.stringify(body);
      // crash-point: act.before-commit
      if (idempotency !== null) await storeAnswer(tx, idempotency, status, text);
      return { answer: { ok: true as const, status, text }, notifications };
    });
  } catch (error) {
    if (error instanceof RefusedAct) return { answer: error.answer, notifications: [] };
    throw error;
  }
}

/** The same act with the same body under the same key is the same request, whatever else the headers say. */
export function idempotentRequest(
  person: Person,
  request: string,
  key: string | undefined,
  body: unknown,
): IdempotentRequest | null {
  if (key === undefined) return null;
  return {
    principal: `person:${person.id}`,
    request,
    key,
    bodyHash: createHash('sha256')
      .update(JSON.stringify(body ?? null))
      .digest(),
  };
}

export function refusal(code: ActRefusalCode, message: string): RefusedAct {
  return new RefusedAct({ ok: false, code, message });
}

async function lockOne(tx: Tx, { incidentId, sight }: ActRequest): Promise<Loaded> {
  const loaded = (await loadAggregates(tx, [incidentId])).get(incidentId);
  if (
    loaded === undefined ||
    loaded.aggregate.incident.agency !== sight.agency ||
    !sees(sight, loaded.aggregate.incident.site)
  ) {
    throw refusal('not-found', 'There is no such incident.');
  }
  return loaded;
}

async function inputOf(
  tx: Tx,
  request: ActRequest,
  {
    loaded,
    sites,
    now,
    involved,
  }: { loaded: Loaded; sites: Parameters<typeof mayAct>[1]; now: number; involved: boolean },
): Promise<Input> {
  const { person, act, onBehalfOf, expectedVersion } = request;
  const { incident } = loaded.aggregate;
  const standing = {
    involved,
    ownedByOther: incident.owner !== null && incident.owner !== person.id,
  };
  if (!mayAct(person, sites, incident.site, act.act, standing))
    throw refusal('forbidden', `Your role may not ${act.act} this incident.`);
  if (onBehalfOf !== undefined && onBehalfOf !== person.id && !maySpeakForOthers(person, sites, incident.site)) {
    throw refusal('forbidden', 'Your role may not enter the word of another person.');
  }
  const occurredAt = occurredAtOf(request, now);
  const holder = await holderOf(tx, loaded.aggregate, act);
  return {
    kind: 'act',
    act,
    actor: { kind: 'person', id: person.id },
    ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
    ...(occurredAt === undefined ? {} : { occurredAt }),
    ...(expectedVersion === undefined ? {} : { expectedVersion }),
    ...(holder === null ? {} : { groupHolder: holder }),
  };
}

export function occurredAtOf({ occurredAt }: { occurredAt?: string }, now: number): number | undefined {
  if (occurredAt === undefined) return undefined;
  const at = parseInstant(occurredAt);
  if (at === null || at > now + aheadOf) throw refusal('not-yet', 'occurredAt lies in the future.');
  return at;
}

async function holderOf(tx: Tx, { incident }: Aggregate, act: Act): Promise<string | null> {
  if (act.act !== 'reopen' || incident.groupKey === null) return null;
  const holder = await groupHolder(tx, incident.groupKey);
  return holder === incident.id ? null : holder;
}

/** What is to be committed (nothing when the act was true already), or why it is refused. */
function decided(decisions: readonly Decision[]): OkDecision[] | Refusal {
  const [first] = decisions;
  if (first?.ok === false) return first.refusal;
  return first === undefined || first.events.length === 0 ? [] : decisions.filter((decision) => decision.ok);
}

/** An assignment that has ended is no longer part of the incident that rules see: said twice, "clear" is true already. */
const endedBy = { clear: 'clear', decline: 'declined' } as const;

async function isTrueAlready(
  tx: Tx,
  { act, incidentId, person, onBehalfOf }: ActRequest,
  { code }: Refusal,
): Promise<boolean> {
  if (code !== 'not-assigned' || (act.act !== 'clear' && act.act !== 'decline')) return false;
  return (await lastAssignmentState(tx, incidentId, onBehalfOf ?? person.id)) === endedBy[act.act];
}

async function refusedNow(
  tx: Tx,
  { sight, incidentId }: ActRequest,
  { code, reason, ...rest }: Refusal & { incidentId?: string },
): Promise<RefusedAct> {
  const incident = await readIncident(tx, sight, incidentId);
  return new RefusedAct({ ok: false, code, message: reason.text, ...(incident === null ? {} : { incident }), ...rest });
}
