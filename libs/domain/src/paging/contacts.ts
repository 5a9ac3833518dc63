import type { PersonConfig } from '../config-document.js';
import type { ChannelKind } from '../words.js';

export interface Rung {
  readonly rung: number;
  readonly channel: ChannelKind;
  /** null: push goes to the subscriptions of the person's phones. */
  readonly address: string | null;
  /** How long the rung before may take to prove arrival; null = the channel's own time. */
  readonly afterS: number | null;
}

/** The contact at `rung` (0 = tried first) of a person's ladder, null past its end. */
export function rungOf(person: PersonConfig, rung: number): Rung | null {
  const contact = person.contacts[rung];
  return contact === undefined
    ? null
    : { rung, channel: contact.channel, address: contact.address ?? null, afterS: contact.afterS ?? null };
}

/** Where the ladder goes on when `rung` gave no proof; null = every contact was tried. */
export function nextRung(person: PersonConfig, rung: number): Rung | null {
  return rungOf(person, rung + 1);
}
