import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { Channel, PageMessage, SendOutcome } from '../channel.js';
import { cleanText } from '../compose/clean-text.js';
import { deadline } from '../deadline.js';
import { type GuardOptions, guardedAgents } from '../guard/guarded-agents.js';
import { guardedPost } from '../guard/guarded-request.js';
import { httpOutcome } from '../http-outcome.js';

export interface WebhookOptions extends GuardOptions {
  /** Master key; each receiver's own secret is derived from it. null: not configured, since nothing goes out unsigned. */
  readonly signingKey: string | null;
  readonly deadlineMs?: number;
}

/** The secret to give to the receiver `id`, in the form that Standard Webhooks libraries take (`whsec_...`). */
export function webhookSecret(signingKey: string, id: string): string {
  return `whsec_${createHmac('sha256', signingKey).update(`webhook v1 ${id}`).digest('base64')}`;
}

/**
 * JSON by POST, signed as Standard Webhooks 1.0 says: `webhook-id` is the delivery's id, the same on every repeat. A
 * 2xx is proof of arrival.
 */
export function webhookChannel(options: WebhookOptions): Channel {
  const { signingKey, allowHosts = [], deadlineMs = 10_000 } = options;
  const agents = guardedAgents(options);
  const signers = new Map<string, Webhook>();
  const signerOf = (key: string, id: string): Webhook => {
    let signer = signers.get(id);
    if (!signer) signers.set(id, (signer = new Webhook(webhookSecret(key, id))));
    return signer;
  };
  return {
    kind: 'webhook',
    provesArrival: true,
    deadlineMs,
    configured: () => signingKey !== null,
    async send(message, signal): Promise<SendOutcome> {
      if (message.to.kind !== 'webhook' || signingKey === null)
        return { kind: 'refused-for-good', code: 'not-configured' };
      const body = JSON.stringify(webhookBody(message));
      const at = new Date();
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'tocsin/1',
        'webhook-id': message.deliveryId,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': signerOf(signingKey, message.to.id).sign(message.deliveryId, at, body),
      };
      const within = deadline(signal, deadlineMs);
      const result = await guardedPost(
        { url: message.to.url, headers, body, signal: within.signal },
        agents,
        allowHosts,
      );
      within.release();
      return httpOutcome(result, { proof: true, goneOn: [410] });
    },
    close: async () => agents.destroy(),
  };
}

/** What receivers get; add to it, never change it. Instants are RFC 3339 in UTC. */
export function webhookBody(message: PageMessage): object {
  return {
    type: `tocsin.${message.kind}`,
    timestamp: new Date().toISOString(),
    data: {
      deliveryId: message.deliveryId,
      title: message.title,
      body: message.body,
      language: message.language,
      count: message.count,
      url: message.url,
      incidents: message.incidents.map((incident) => ({
        ...incident,
        title: cleanText(incident.title, 512),
        openedAt: new Date(incident.openedAt / 1000).toISOString(),
      })),
    },
  };
}
