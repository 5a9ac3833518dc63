import { createHash } from 'node:crypto';
import type { OpenIncidentBody, Sight } from '@tocsin/contracts';
import { parseInstant, type Signal } from '@tocsin/domain';
import {
  clockNow,
  type IdempotentRequest,
  insertAlerts,
  lockWaitingAlerts,
  markMerged,
  readIncident,
  type Tx,
} from '@tocsin/store';
import { v7 } from 'uuid';
import { type ActAnswer, answerOnce, occurredAtOf, refusal, type Worked } from './act.js';
import type { Commit } from '../commit-throttled.js';
import { type Context, factsOf } from '../context.js';
import { MergeBatch } from '../alerts/merge-batch.js';
import { relayNotifications } from '../alerts/merge-alerts.js';
import { mayAct, maySpeakForOthers, type Person, sees } from './rights.js';

export interface OpenByHandRequest {
  readonly person: Person;
  readonly sight: Sight;
  readonly body: OpenIncidentBody;
  readonly idempotency: IdempotentRequest | null;
}

/**
 * A phone or radio call: an alert whose principal is the person, merged at once in the same transaction into an incident
 * of its own (no group key: it neither joins nor is joined). Its first pages are queued before the answer.
 */
export async function openByHand(context: Context, request: OpenByHandRequest): Promise<ActAnswer> {
  const config = await context.config.current();
  const { person, sight, body } = request;
  const done = await answerOnce(context, request.idempotency, async (tx, commit) => {
    const site = config.document.sites.find(({ id }) => id === body.site);
    if (site === undefined || !sees(sight, site.id)) throw refusal('unknown-site', `There is no site ${body.site}.`);
    if (!mayAct(person, config.document.sites, site.id, 'dispatch', {}))
      throw refusal('forbidden', 'Your role may not open incidents at this site.');
    if (body.onBehalfOf !== undefined && !maySpeakForOthers(person, config.document.sites, site.id)) {
      throw refusal('forbidden', 'Your role may not enter the word of another person.');
    }
    return open({ tx, commit }, request, factsOf(config));
  });
  if (done.answer.ok) {
    relayNotifications(context, done.notifications);
    context.tick();
  }
  return done.answer;
}

async function open(
  { tx, commit }: { readonly tx: Tx; readonly commit: Commit },
  { person, sight, body }: OpenByHandRequest,
  facts: ReturnType<typeof factsOf>,
): Promise<Worked> {
  const id = v7();
  const now = await clockNow(tx);
  occurredAtOf(body, now);
  const signal = signalOf(id, body);
  const rawId = v7();
  const principal = { agency: person.agency, principalKind: 'person' as const, principalId: person.id };
  const keyHash = createHash('sha256').update(`by-hand\n${id}`).digest();
  const raw = {
    ...principal,
    id: rawId,
    door: 'POST /v1/incidents',
    contentType: 'application/json',
    body: Buffer.from(JSON.stringify(body)),
  };
  await insertAlerts(
    tx,
    now,
    [{ ...principal, id, keyHash, signal, groupKey: null, rawId, rawIndex: 0, count: 1, endedAt: null }],
    [raw],
  );
  const batch = new MergeBatch(new Map(), facts, now);
  for (const alert of await lockWaitingAlerts(tx, [id])) batch.take(alert);
  batch.fireDueTimers();
  const committed = await commit(now, batch.changes());
  await markMerged(tx, now, batch.marks());
  const incidentId = batch.marks()[0]?.incidentId ?? '';
  return { status: 201, body: await readIncident(tx, sight, incidentId), notifications: committed.notifications };
}

function signalOf(id: string, body: OpenIncidentBody): Signal {
  return {
    key: id,
    status: 'firing',
    site: body.site,
    zone: body.zone ?? null,
    category: body.category,
    severity: body.severity,
    title: body.title,
    description: body.description ?? null,
    occurredAt: body.occurredAt === undefined ? null : parseInstant(body.occurredAt),
    startsAt: null,
    endsAt: null,
    location: null,
    labels: body.onBehalfOf === undefined ? {} : { calledInBy: body.onBehalfOf },
    links: [],
    reality: body.reality ?? 'actual',
    lang: null,
  };
}
