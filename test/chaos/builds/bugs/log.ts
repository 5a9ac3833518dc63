import type { Bug } from './shapes';

export const bugsOfLog: readonly Bug[] = [
  {
    name: 'seq-gap',
    caughtBy: 'I12',
    how: 'A process numbers a stream on from what it gave out last, also when that was rolled back.',
    needs: ['cut:postgres', 'pg-immediate'],
    edits: [
      {
        file: 'libs/store/dist/log/append-events.js',
        find: 'function chainEvents(now, growths) {',
        replace: 'const numbered = new Map();\nfunction chainEvents(now, growths) {',
      },
      {
        file: 'libs/store/dist/log/append-events.js',
        find: 'let { seq } = growth.head;',
        replace: 'let seq = Math.max(growth.head.seq, numbered.get(growth.stream) ?? 0);',
      },
      {
        file: 'libs/store/dist/log/append-events.js',
        find: 'const grown = growth.events.length > 0 && before !== null;',
        replace:
          'numbered.set(growth.stream, seq);\n        const grown = growth.events.length > 0 && before !== null;',
      },
    ],
  },
  {
    name: 'edited-history',
    caughtBy: 'I12',
    how: 'The answer of a provider is written into the event that says that the page was sent.',
    needs: [],
    edits: [
      {
        file: 'libs/store/dist/grant-roles.js',
        find: 'REVOKE UPDATE, DELETE, TRUNCATE ON ${appendOnly',
        replace: 'REVOKE DELETE, TRUNCATE ON ${appendOnly',
      },
      {
        file: 'libs/operations/dist/pages/record-result.js',
        find: '        const [, , , notifications, raised] = await',
        replace: `        await tx.query(\`UPDATE event SET data = data || '{"answered": true}' WHERE stream = ANY($1::uuid[])
          AND type = 'notification.sent' AND data->>'deliveryId' = ANY($2::text[])\`, [
            wanted,
            free.map(({ deliveryId }) => deliveryId),
        ]);
        const [, , , notifications, raised] = await`,
      },
    ],
  },
];
