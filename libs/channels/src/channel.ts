import type { ChannelKind, Instant, Reality, Severity } from '@tocsin/domain';

export type Language = 'en' | 'ur' | 'zh';
/** page: see and acknowledge; response: you are sent, answer; notice: for your knowledge. */
export type PageKind = 'page' | 'response' | 'notice';

/** An incident as a page names it. `site.name` is in the reader's language and from our records, never from an alert. */
export interface PageIncident {
  readonly id: string;
  readonly number: string;
  readonly severity: Severity;
  readonly site: { readonly code: string; readonly name: string } | null;
  /** As the source gave it: channels show it through `cleanText`. */
  readonly title: string;
  readonly openedAt: Instant;
  readonly reality: Reality;
  /** What is asked of the reader about this one. */
  readonly kind: PageKind;
  /** Code of a notice: `recalled`, `stood_down` ... */
  readonly notice?: string;
}

/** Where a page goes. */
export type Recipient =
  | { readonly kind: 'email'; readonly address: string }
  /** `id` names the receiver: its signing secret is derived from it. */
  | { readonly kind: 'webhook'; readonly id: string; readonly url: string }
  | { readonly kind: 'push'; readonly subscription: PushSubscriptionKeys };
export interface PushSubscriptionKeys {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

/** One delivery, ready to send. The same `deliveryId` is sent again after a doubt: it is the idempotency key. */
export interface PageMessage {
  readonly deliveryId: string;
  /** The most that any of its incidents asks. */
  readonly kind: PageKind;
  readonly language: Language;
  readonly title: string;
  /** Lines of text, one per incident and the closing ones. */
  readonly body: readonly string[];
  /** The gravest first. */
  readonly incidents: readonly PageIncident[];
  readonly count: number;
  /** One-time code that acknowledges exactly this delivery's incidents; only by POST, never by a link. */
  readonly ackCode?: string;
  /** Where the reader sees it. */
  readonly url: string;
  readonly to: Recipient;
}

export type SendOutcome =
  /** The other side took it; `proof` = it has arrived where somebody or something reads it. */
  | { readonly kind: 'accepted'; readonly providerId?: string; readonly proof?: boolean }
  /** Sending again cannot help. `gone`: the address itself is dead and is to be removed. */
  | { readonly kind: 'refused-for-good'; readonly code: string; readonly gone?: boolean }
  /** It certainly did not arrive; may be sent again. */
  | { readonly kind: 'try-later'; readonly code: string; readonly retryAfterMs?: number }
  /** It may have arrived: silence or a cut after the whole message was sent. Sent again with the same key. */
  | { readonly kind: 'unknown'; readonly code: string };

/**
 * One way to reach people or software. The law, held by the conformance suite: `send` never throws, resolves within
 * `deadlineMs` (or soon after `signal` aborts), says `unknown` only when the message may have arrived, and gives the
 * receiver the same key on every send of one delivery.
 */
export interface Channel {
  readonly kind: ChannelKind;
  /** true: `accepted` may carry proof, or a receipt may follow. Mail never proves arrival. */
  readonly provesArrival: boolean;
  readonly deadlineMs: number;
  configured(): boolean;
  send(message: PageMessage, signal: AbortSignal): Promise<SendOutcome>;
  /** Ends idle connections. */
  close(): Promise<void>;
}
