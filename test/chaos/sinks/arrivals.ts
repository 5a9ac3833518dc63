import type { PageRecord } from '../history/records';
import type { HttpArrival } from './http-sink';
import { readMail } from './mail-text';
import { readPush } from './push-phone';
import type { MailArrival } from './smtp-sink';

/** What a message tells of itself, before anybody has answered it. */
export interface Arrival {
  readonly page: Omit<PageRecord, 'f' | 'ph' | 'answer'>;
  /** With which the phone says that a push arrived. */
  readonly ackCode?: string;
}

const textMost = 4_096;
/** "26-00123". */
const numbers = /\b\d{2}-\d{5,}\b/g;

/** Standard Webhooks: the delivery is `webhook-id`. */
export function webhookArrival({ path, headers, body }: HttpArrival): Arrival {
  const text = body.toString('utf8');
  const { data } = JSON.parse(text) as { data: { incidents: readonly { id: string }[] } };
  const key = String(headers['webhook-id'] ?? '');
  const named = data.incidents.map(({ id }) => id);
  return { page: { sink: 'webhook', key, target: path, named, text: cut(text) } };
}

/** The delivery stands in `X-Tocsin-Delivery` (and in Message-ID); its incidents by their radio numbers. */
export function mailArrival({ to, raw }: MailArrival): Arrival {
  const { headers, text } = readMail(raw);
  const named = [...new Set(text.match(numbers) ?? [])];
  const key = headers.get('x-tocsin-delivery') ?? '';
  return { page: { sink: 'email', key, target: to, named, text: cut(text) } };
}

/** The delivery and its incidents are within what was sealed for the phone. */
export function pushArrival(seed: number, { path, body }: HttpArrival): Arrival {
  const text = readPush(seed, path.split('/').at(-1) ?? '', body);
  const { notification } = JSON.parse(text) as {
    notification: { data: { deliveryId: string; code?: string; incidentIds: readonly string[] } };
  };
  const { deliveryId, code, incidentIds } = notification.data;
  const page = { sink: 'push' as const, key: deliveryId, target: path, named: incidentIds, text: cut(text) };
  return { page, ...(code === undefined ? {} : { ackCode: code }) };
}

const cut = (text: string): string => text.slice(0, textMost);
