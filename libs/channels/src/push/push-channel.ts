import { createHash } from 'node:crypto';
import webPush from 'web-push';
import type { Channel, PageMessage, SendOutcome } from '../channel.js';
import { deadline } from '../deadline.js';
import { type GuardOptions, guardedAgents } from '../guard/guarded-agents.js';
import { guardedPost } from '../guard/guarded-request.js';
import { httpOutcome } from '../http-outcome.js';
import { pushPayload, pushTag } from './push-payload.js';

export interface VapidKeys {
  readonly publicKey: string;
  readonly privateKey: string;
}
export interface PushOptions extends GuardOptions {
  /** Kept for ever: another pair kills every subscription. null: not configured. */
  readonly vapid: VapidKeys | null;
  /** `mailto:` or `https:`, read by push services when they have something to complain about. */
  readonly subject: string;
  readonly deadlineMs?: number;
}

/** Long enough for a phone in a lift; a page that comes later only confuses (the ladder has gone on by then). */
const ttlS = 900;
/** RFC 8292 allows 24 h; a signature takes 0.3 ms of CPU, so that one per origin and 4 h is made. */
const vapidForMs = 4 * 3_600_000;

/** A new pair of VAPID keys (P-256, base64url). */
export function makeVapidKeys(): VapidKeys {
  return webPush.generateVAPIDKeys();
}

/**
 * Web Push: RFC 8030 request, RFC 8291 encryption, RFC 8292 VAPID. 201 says that the push service took it, not that a
 * phone showed it: proof is the service worker's receipt. 404 and 410: the subscription is dead.
 */
export function pushChannel(options: PushOptions): Channel {
  const { vapid, allowHosts = [], deadlineMs = 8_000 } = options;
  const agents = guardedAgents(options);
  const authorisation = vapid ? vapidCache(vapid, options.subject) : null;
  return {
    kind: 'push',
    provesArrival: true,
    deadlineMs,
    configured: () => vapid !== null,
    async send(message, signal): Promise<SendOutcome> {
      if (message.to.kind !== 'push' || !authorisation) return { kind: 'refused-for-good', code: 'not-configured' };
      const { subscription } = message.to;
      if (!URL.canParse(subscription.endpoint)) return { kind: 'refused-for-good', code: 'address-not-a-url' };
      const details = encrypt(message, authorisation(new URL(subscription.endpoint).origin));
      if (!details) return { kind: 'refused-for-good', code: 'bad-subscription-keys', gone: true };
      const within = deadline(signal, deadlineMs);
      const post = { url: subscription.endpoint, headers: details.headers, body: details.body, signal: within.signal };
      const result = await guardedPost(post, agents, allowHosts);
      within.release();
      return httpOutcome(result, { proof: false, goneOn: [404, 410] });
    },
    close: async () => agents.destroy(),
  };
}

function encrypt(message: PageMessage, authorization: string) {
  if (message.to.kind !== 'push') return null;
  try {
    const { headers, body } = webPush.generateRequestDetails(message.to.subscription, pushPayload(message), {
      TTL: ttlS,
      urgency: 'high',
      topic: topicOf(message),
      contentEncoding: 'aes128gcm',
      headers: { Authorization: authorization },
      // The header above is the cached one; null keeps the library from signing again.
      vapidDetails: null as never,
    });
    return { headers: headers as Record<string, string | number>, body };
  } catch {
    // The library throws plain Errors for one reason only: keys that are no P-256 point or no 16-byte secret.
    return null;
  }
}

/** At most 32 characters of base64url. An undelivered page of the same incident is replaced by a later one. */
function topicOf(message: PageMessage): string {
  return createHash('sha256').update(pushTag(message)).digest('base64url').slice(0, 32);
}

function vapidCache(vapid: VapidKeys, subject: string): (origin: string) => string {
  const made = new Map<string, { header: string; untilMs: number }>();
  return (origin) => {
    const known = made.get(origin);
    if (known && known.untilMs > Date.now()) return known.header;
    if (made.size > 1_000) made.clear();
    const { Authorization } = webPush.getVapidHeaders(origin, subject, vapid.publicKey, vapid.privateKey, 'aes128gcm');
    made.set(origin, { header: Authorization, untilMs: Date.now() + vapidForMs });
    return Authorization;
  };
}
