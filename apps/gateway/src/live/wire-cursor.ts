import type { Audience } from '@tocsin/realtime';

/**
 * The cursor as a console holds it: the log's, and for which audience it was. A cursor says what was sent to those who
 * see the same; with other rights or another filter it proves nothing, and its holder gets a snapshot.
 */
export function wireCursor(cursor: string, { room }: Pick<Audience, 'room'>): string {
  return `${cursor}@${room}`;
}

/** The log's cursor, or null when it was another audience's (or is none of ours). */
export function logCursor(after: string, { room }: Pick<Audience, 'room'>): string | null {
  const at = after.lastIndexOf('@');
  return at > 0 && after.slice(at + 1) === room ? after.slice(0, at) : null;
}
