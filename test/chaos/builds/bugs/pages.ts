import type { Bug } from './shapes';

export const bugsOfPages: readonly Bug[] = [
  {
    name: 'at-most-once-send',
    caughtBy: 'I8',
    how: 'An attempt whose process died is never looked at again: its page may have left, or not.',
    needs: ['kill:notifier', 'crash-point:claim.after-commit', 'crash-point:send.before-call'],
    edits: [
      {
        file: 'libs/store/dist/pages/pages-find.js',
        find: "WHERE state IN ('sending', 'retry') AND act_at <= statement_timestamp() AND channel",
        replace: "WHERE state = 'retry' AND act_at <= statement_timestamp() AND channel",
      },
    ],
  },
  {
    name: 'new-key-on-resend',
    caughtBy: 'I9',
    how: 'A repeat goes out under a key of its own: no provider can tell that it is the same page. (A key that no row has is what the books say first.)',
    needs: ['kill:notifier', 'provider'],
    edits: [
      {
        file: 'libs/operations/dist/pages/send-deliveries.js',
        find: '        deliveryId: claimed.id,\n        language,',
        replace:
          "        deliveryId: claimed.ordinal === 1 ? claimed.id : require('node:crypto').randomUUID(),\n        language,",
      },
    ],
  },
  {
    name: 'ack-not-rechecked',
    caughtBy: 'I16',
    how: 'A repeat goes out without a look whether somebody has acknowledged meanwhile.',
    needs: ['provider'],
    edits: [
      {
        file: 'libs/operations/dist/pages/claim-deliveries.js',
        find: '    if (page.run_id === null)\n        return loaded.has(page.incident_id);',
        replace: '    return loaded.has(page.incident_id);',
      },
    ],
  },
];
