import type { Category, Instant, Reality, Severity } from '../words.js';

/**
 * One alarm signal, normalised: what every door hands to intake, whatever protocol it spoke.
 * `site`, `category` and `severity` are filled (decisions.md section 5); `startsAt`/`endsAt` only where the door carries them.
 */
export interface Signal {
  /** The source's own dedup key (<= 256 characters; may be longer at doors whose key is a label set). */
  readonly key: string;
  readonly status: 'firing' | 'resolved';
  readonly site: string | null;
  readonly zone: string | null;
  readonly category: Category;
  readonly severity: Severity;
  readonly title: string;
  readonly description: string | null;
  readonly occurredAt: Instant | null;
  readonly startsAt: Instant | null;
  readonly endsAt: Instant | null;
  readonly location: { readonly lat: number; readonly lon: number; readonly accuracyM?: number } | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly links: readonly { readonly href: string; readonly text?: string }[];
  readonly reality: Reality;
  /** Language of the free text, where the door says it. */
  readonly lang: string | null;
}

/** A firing episode as intake holds it while it folds signals. */
export interface Episode {
  readonly alertId: string;
  readonly severity: Severity;
  readonly count: number;
  readonly startsAt: Instant | null;
  readonly lastSignalAt: Instant;
  /** What happened to its incident, read without a lock. */
  readonly incident: {
    readonly state: 'none' | 'unresolved' | 'resolved-by-person' | 'resolved-by-source' | 'closed';
    readonly resolvedAt: Instant | null;
  };
}

export type AnswerStatus = 'accepted' | 'duplicate' | 'resolved' | 'ignored';
