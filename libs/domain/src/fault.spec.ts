import { classify, Fault } from './index.js';

const sql = (code: string): unknown => Object.assign(new Error('refused'), { code, severity: 'ERROR' });

describe('classify', () => {
  it.each([
    ['40P01', 'store-conflict', true],
    ['40001', 'store-conflict', true],
    ['55P03', 'store-locked', true],
    ['23505', 'store-duplicate', true],
    ['57014', 'store-timeout', true],
    ['57P01', 'store-unavailable', true],
    ['57P03', 'store-unavailable', true],
    ['08006', 'store-unavailable', true],
    ['25006', 'store-unavailable', true],
    ['53300', 'store-unavailable', true],
    ['53100', 'store-full', true],
    ['22P05', 'store-refused', false],
    ['23503', 'store-refused', false],
    ['54000', 'store-refused', false],
    ['42P01', 'unexpected', false],
  ])('SQLSTATE %s is %s, retryable: %s', (state, code, retryable) => {
    const cause = sql(state);
    expect(classify(cause)).toMatchObject({ code, retryable, cause });
  });

  it.each([
    [Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), 'unreachable', true],
    [Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }), 'unreachable', true],
    [new Error('Connection terminated unexpectedly'), 'store-unavailable', true],
    [new Error('timeout exceeded when trying to connect'), 'store-unavailable', true],
    [new TypeError('x is not a function'), 'unexpected', false],
    ['a string', 'unexpected', false],
    [undefined, 'unexpected', false],
    [null, 'unexpected', false],
    [{ code: 40 }, 'unexpected', false],
  ])('%s is %s', (error, code, retryable) => expect(classify(error)).toMatchObject({ code, retryable, cause: error }));

  it('leaves a fault as it is, and lets the thrower say whether to try again', () => {
    const fault = new Fault('begin-again');
    expect(classify(fault)).toBe(fault);
    expect(new Fault('store-refused', { retryable: true }).retryable).toBe(true);
    expect(String(new Fault('bad-secret', { message: 'another key' }))).toBe('Fault: another key');
  });
});
