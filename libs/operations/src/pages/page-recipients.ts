import { classify, type ConfigDocument, findPerson, indexOf, rungOf } from '@tocsin/domain';
import { livingSubscriptions, type Queryable, type SubscriptionRow } from '@tocsin/store';
import type { PageContext, Reach } from './page-context.js';
import { openSubscription } from './page-secrets.js';

export interface Addressee {
  readonly kind: 'person' | 'channel';
  readonly id: string;
  readonly rung: number;
}
const keyOf = ({ kind, id, rung }: Addressee): string => `${kind} ${id} ${rung}`;

/**
 * Where each target is reached now: live configuration, live subscriptions. One query whatever their number, without a
 * lock: an address that changes a moment later was right when it was read. On the caller's own connection: a claim that
 * waits for a second one holds its incidents all the while.
 */
export async function reachOf(
  { context, q }: { readonly context: PageContext; readonly q: Queryable },
  config: ConfigDocument,
  addressees: readonly Addressee[],
): Promise<(of: Addressee) => Reach> {
  const phones = context.channel.kind === 'push' ? await phonesOf(context, q, addressees) : new Map<string, Reach>();
  const known = new Map<string, Reach>();
  for (const addressee of addressees) known.set(keyOf(addressee), reachNow(context, config, addressee, phones));
  return (of) => known.get(keyOf(of)) ?? reachNow(context, config, of, phones);
}

function reachNow(
  context: PageContext,
  config: ConfigDocument,
  of: Addressee,
  phones: ReadonlyMap<string, Reach>,
): Reach {
  const { kind } = context.channel;
  if (!context.channel.configured()) return { ok: false, code: 'not-configured' };
  if (of.kind === 'channel') {
    const target = indexOf(config).channels.get(of.id);
    return target?.kind === kind ? addressed(kind, of.id, target.address) : { ok: false, code: 'unknown-target' };
  }
  const person = findPerson(config, of.id);
  if (!person) return { ok: false, code: 'unknown-target' };
  if (kind === 'push') return phones.get(of.id) ?? { ok: false, code: 'no-subscription' };
  // The ladder may have been changed since the page was queued: the rung's own address if it still fits, else any of the kind.
  const rung = rungOf(person, of.rung);
  const address =
    rung?.channel === kind ? rung.address : person.contacts.find(({ channel }) => channel === kind)?.address;
  return address ? addressed(kind, of.id, address) : { ok: false, code: 'no-address' };
}

function addressed(kind: 'email' | 'webhook' | 'push', id: string, address: string): Reach {
  if (kind === 'email') return { ok: true, recipients: [{ to: { kind, address } }] };
  if (kind === 'webhook') return { ok: true, recipients: [{ to: { kind, id, url: address } }] };
  return { ok: false, code: 'unknown-target' };
}

async function phonesOf(
  context: PageContext,
  q: Queryable,
  addressees: readonly Addressee[],
): Promise<Map<string, Reach>> {
  const people = [...new Set(addressees.filter(({ kind }) => kind === 'person').map(({ id }) => id))];
  const phones = new Map<string, Extract<Reach, { ok: true }>>();
  for (const row of await livingSubscriptions(q, people)) {
    const subscription = open(context, row);
    if (!subscription) continue;
    const recipient = { to: { kind: 'push' as const, subscription }, subscriptionId: row.id };
    phones.set(row.person_id, { ok: true, recipients: [...(phones.get(row.person_id)?.recipients ?? []), recipient] });
  }
  return phones;
}

/** A phone whose keys were sealed with another TOCSIN_SECRET cannot be reached; the ladder goes on with the others. */
function open({ sealer, log }: PageContext, { id, sealed }: SubscriptionRow) {
  try {
    return openSubscription(sealer, sealed);
  } catch (error) {
    const { code } = classify(error);
    if (code !== 'bad-secret') throw error;
    log.error('page.subscription_unreadable', { subscriptionId: id, code });
    return undefined;
  }
}
