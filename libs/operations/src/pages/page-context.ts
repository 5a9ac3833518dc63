import type { Channel, Recipient } from '@tocsin/channels';
import type { ChannelKind, ConfigDocument, Incident, Instant } from '@tocsin/domain';
import type { PageRow, Sealer } from '@tocsin/store';
import type { Context } from '../context.js';

/** What paging by one channel needs beyond the context of every operation. */
export interface PageContext extends Context {
  readonly channel: Channel;
  readonly sealer: Sealer;
  readonly ackKey: string;
  /** Where people reach the console, without a slash at its end. */
  readonly publicUrl: string;
}

/** Where a target is reached by one rung: addresses, or why there is none. */
export type Reach =
  | { readonly ok: true; readonly recipients: readonly { readonly to: Recipient; readonly subscriptionId?: string }[] }
  | { readonly ok: false; readonly code: 'not-configured' | 'no-subscription' | 'no-address' | 'unknown-target' };

/** A delivery whose attempt is committed as `sending`: the call may begin. */
export interface ClaimedDelivery {
  readonly id: string;
  /** Of the attempt. */
  readonly ordinal: number;
  readonly channel: ChannelKind;
  readonly rung: number;
  readonly target: { readonly kind: 'person' | 'channel'; readonly id: string };
  /** What this attempt names: the live ones of the delivery. */
  readonly pages: readonly PageRow[];
  readonly incidents: readonly { readonly incident: Incident; readonly number: string }[];
  /** Of the whole delivery: locked again when the result is recorded. */
  readonly incidentIds: readonly string[];
  readonly madeAt: Instant;
  readonly reach: Reach;
}

export interface Claim {
  readonly deliveries: readonly ClaimedDelivery[];
  /** With `skipsLocked`: incidents that somebody holds. */
  readonly locked: readonly string[];
  /** Monotonic, ms: when the choice was made. More than 500 ms later nothing of it may be sent. */
  readonly chosenAtMs: number;
  /** As of the choice: names and languages of what is sent. */
  readonly config: ConfigDocument;
}

/** Longer than this after the choice, an acknowledgement may have been answered in between (I16): begin again. */
export const sendWithinMs = 500;
/** An attempt counts as unknown this long after its channel's deadline. */
export const resultGraceMs = 5_000;
