import type { PageMessage } from '../channel.js';
import { texts } from '../compose/texts.js';

/** RFC 8030 services must take 4096 bytes: less 86 of header, 16 of tag and 1 delimiter. */
export const pushTextBytes = 3993;

/**
 * The body as declarative web push (shown by Safari without a service worker) that our own service worker reads as
 * well. `tag` makes a repeat replace what is shown. Lines and incidents are given up from the end until it fits.
 */
export function pushPayload(message: PageMessage): string {
  for (let kept = message.body.length; kept >= 0; kept--) {
    const text = JSON.stringify(payloadWith(message, kept));
    if (Buffer.byteLength(text) <= pushTextBytes) return text;
  }
  return JSON.stringify(
    payloadWith({ ...message, title: message.title.slice(0, 100), incidents: message.incidents.slice(0, 20) }, 0),
  );
}

function payloadWith(message: PageMessage, lines: number): object {
  const words = texts[message.language];
  const body = message.body.slice(0, lines);
  if (lines < message.body.length) body.push('…');
  const gravest = message.incidents[0]?.severity;
  return {
    web_push: 8030,
    mutable: true,
    notification: {
      title: message.title,
      body: body.join('\n'),
      navigate: message.url,
      lang: message.language,
      dir: message.language === 'ur' ? 'rtl' : 'ltr',
      tag: pushTag(message),
      silent: false,
      renotify: true,
      requireInteraction: gravest === 'critical',
      data: {
        deliveryId: message.deliveryId,
        code: message.ackCode,
        kind: message.kind,
        severity: gravest,
        incidentIds: message.incidents.map(({ id }) => id),
        url: message.url,
      },
      actions:
        message.ackCode && message.kind === 'page'
          ? [{ action: 'acknowledge', title: words.acknowledge, navigate: message.url }]
          : [],
    },
  };
}

/** One incident: its id; several: the delivery's, so that a gathered page never hides another incident's. */
export function pushTag({ incidents, deliveryId, kind }: PageMessage): string {
  const [only] = incidents;
  return `${kind}-${incidents.length === 1 && only ? only.id : deliveryId}`;
}
