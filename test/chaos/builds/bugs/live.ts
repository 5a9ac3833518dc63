import type { Bug } from './shapes';

export const bugsOfLive: readonly Bug[] = [
  {
    name: 'cursor-without-open-writers',
    caughtBy: 'I13',
    how: 'The cursor forgets which transactions were still open when it was taken: what they commit later is never told.',
    replaces:
      'outbox watermark: there is no outbox beside the rows, but the log is read on from a mark in the same way',
    needs: [],
    edits: [
      {
        file: 'libs/store/dist/log/cursor.js',
        find: 'WHERE event.xid = began.xid AND',
        replace: 'WHERE false AND event.xid = began.xid AND',
      },
    ],
  },
  {
    name: 'joined-without-frames',
    caughtBy: 'I13',
    how: 'What is committed while a console catches up, or is read its snapshot, is not sent after it.',
    replaces:
      'replay by `recovered`: Socket.IO’s own recovery is not used, but a console that comes back joins in the same way',
    needs: ['kill:gateway'],
    edits: [
      {
        file: 'apps/gateway/dist/live/console-hub.js',
        find: 'for (const frame of subscriber.buffered)',
        replace: 'for (const frame of [])',
      },
    ],
  },
  {
    name: 'cross-site-room',
    caughtBy: 'I15',
    how: 'The room of an audience is named without its sites: people of different sites share one.',
    needs: [],
    edits: [
      {
        file: 'libs/realtime/dist/audience.js',
        find: 'narrowed.all, [...sites].sort(), narrowed.security',
        replace: 'narrowed.all, narrowed.security',
      },
    ],
  },
];
