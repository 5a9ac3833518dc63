import type { ChannelKind, Severity } from '@tocsin/domain';

/** Lanes in the order of their weight; `info` travels on low. `alert.lane` is the index. */
export const lanes = ['critical', 'high', 'medium', 'low'] as const;
export type Lane = (typeof lanes)[number];

/** Every queue of the system. Keys carry the hash tag `{tocsin}`, so that they may live on a Redis Cluster. */
export const queuePrefix = '{tocsin}';
export const alertQueue = (lane: Lane): string => `alert.${lane}`;
export const pageQueue = (channel: ChannelKind, lane: Lane): string => `page.${channel}.${lane}`;

/** BullMQ carries identities and nothing else; at most 100 of them in one job. */
export interface Identities {
  readonly ids: readonly string[];
}
export const idsPerJob = 100;

export const laneName = (severity: Severity): Lane => (severity === 'info' ? 'low' : severity);
