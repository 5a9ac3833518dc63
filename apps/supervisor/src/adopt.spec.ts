import { decideAdoption } from './adopt.js';

const recorded = { pid: 7, startTime: 'boot:100' };
const live = { ...recorded, command: 'postgres -D /data/postgres -p 1' };

describe('what a killed supervisor left', () => {
  test.each([
    ['nothing runs', { recorded, live: null, ofOurData: false, answers: false }, 'start', 'none'],
    ['the recorded server answers', { recorded, live, ofOurData: true, answers: true }, 'adopt', 'ours-and-answers'],
    ['the recorded server hangs', { recorded, live, ofOurData: true, answers: false }, 'stop', 'does-not-answer'],
    [
      'its pid belongs to another program',
      { recorded, live, ofOurData: false, answers: false },
      'start',
      'pid-of-another',
    ],
    [
      'same pid, started later',
      { recorded, live: { ...live, startTime: 'boot:200' }, ofOurData: true, answers: true },
      'stop',
      'started-by-another',
    ],
    [
      'same pid, another boot',
      { recorded, live: { ...live, startTime: 'later:100' }, ofOurData: true, answers: true },
      'stop',
      'started-by-another',
    ],
    [
      'a server that nobody wrote down',
      { recorded: null, live, ofOurData: true, answers: true },
      'stop',
      'started-by-another',
    ],
  ] as const)('%s', (_, found, next, reason) => {
    expect(decideAdoption(found)).toEqual({ next, reason });
  });
});
