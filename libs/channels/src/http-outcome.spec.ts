import { httpOutcome, parseRetryAfter } from './http-outcome.js';

describe('httpOutcome', () => {
  const answered = (status: number, headers = {}) =>
    httpOutcome({ kind: 'answered', status, headers }, { proof: true, goneOn: [410] });

  it.each([
    [200, 'accepted'],
    [204, 'accepted'],
    [301, 'refused-for-good'],
    [304, 'refused-for-good'],
    [400, 'refused-for-good'],
    [404, 'refused-for-good'],
    [408, 'try-later'],
    [410, 'refused-for-good'],
    [425, 'try-later'],
    [429, 'try-later'],
    [500, 'try-later'],
    [503, 'try-later'],
  ])('%i -> %s', (status, kind) => {
    expect(answered(status).kind).toBe(kind);
  });

  it('tells what was sent from what was not', () => {
    const failed = (sent: boolean) =>
      httpOutcome({ kind: 'failed', sent, code: 'ECONNRESET' }, { proof: true, goneOn: [] });
    expect([failed(true).kind, failed(false).kind]).toEqual(['unknown', 'try-later']);
  });
});

describe('parseRetryAfter', () => {
  const now = Date.parse('2026-11-24T22:39:00Z');
  it.each([
    ['7', 7_000],
    ['0', 0],
    ['999999', 900_000],
    ['Tue, 24 Nov 2026 22:39:30 GMT', 30_000],
    ['Tue, 24 Nov 2026 22:00:00 GMT', 0],
    ['soon', undefined],
    ['-5', undefined],
    [undefined, undefined],
  ])('%s -> %s', (value, ms) => {
    expect(parseRetryAfter(value, now)).toBe(ms);
  });
});
