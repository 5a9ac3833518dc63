import { createHash, createHmac, randomBytes } from 'node:crypto';
import { makeVapidKeys, type PushSubscriptionKeys, type VapidKeys } from '@tocsin/channels';
import { keptSecret, type Pool, type Sealer } from '@tocsin/store';

export interface PageSecrets {
  readonly vapid: VapidKeys;
  /** Master of the receivers' own signing secrets (`webhookSecret`). */
  readonly webhookKey: string;
  /** Makes the one-time codes of deliveries. */
  readonly ackKey: string;
}

/**
 * The unit's own keys, made on first use and kept sealed in the database: VAPID keys must outlive every start, or each
 * phone would have to subscribe again. Throws Fault 'bad-secret' when they were sealed with another TOCSIN_SECRET.
 */
export async function readPageSecrets(pool: Pool, sealer: Sealer): Promise<PageSecrets> {
  const vapid = await keptSecret(pool, sealer, 'vapid', () => JSON.stringify(makeVapidKeys()));
  const random = () => randomBytes(32).toString('base64url');
  return {
    vapid: JSON.parse(vapid) as VapidKeys,
    webhookKey: await keptSecret(pool, sealer, 'webhook', random),
    ackKey: await keptSecret(pool, sealer, 'acknowledge', random),
  };
}

/**
 * The one-time code of a delivery: 132 bits, derived and not drawn, so that a delivery that is sent again carries the
 * code that its reader may already hold. Only its hash is stored.
 */
export function ackCode(ackKey: string, deliveryId: string): string {
  return createHmac('sha256', ackKey).update(`acknowledge v1 ${deliveryId}`).digest('base64url').slice(0, 22);
}

export function codeHash(code: string): Buffer {
  return createHash('sha256').update(code).digest();
}

/** How a phone's subscription is kept: the gateway seals it, the notifier opens it. */
export function sealSubscription(sealer: Sealer, { endpoint, keys }: PushSubscriptionKeys): Buffer {
  return sealer.seal(JSON.stringify({ endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth } }));
}

export function openSubscription(sealer: Sealer, sealed: Buffer): PushSubscriptionKeys {
  return JSON.parse(sealer.open(sealed).toString('utf8')) as PushSubscriptionKeys;
}
