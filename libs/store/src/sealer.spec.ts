import { sealer } from './index.js';

describe('sealer', () => {
  const ours = sealer('a secret of the unit');

  it('opens what it sealed, and seals the same text differently each time', () => {
    const text = 'private VAPID key, جواب, 值';
    const [one, two] = [ours.seal(text), ours.seal(text)];
    expect(ours.open(one).toString()).toBe(text);
    expect(sealer('a secret of the unit').open(two).toString()).toBe(text);
    expect(one.equals(two)).toBe(false);
    expect(one.includes('VAPID')).toBe(false);
  });

  it('says so when the key is another one, a byte was changed or the value is cut', () => {
    const sealed = ours.seal('value');
    expect(() => sealer('another secret, as long').open(sealed)).toThrow(
      expect.objectContaining({ code: 'bad-secret', retryable: false }),
    );
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
      expect(() => ours.open(changed)).toThrow(expect.objectContaining({ code: 'bad-secret' }));
    }
    for (const length of [0, 1, 12, 28, sealed.length - 1]) {
      expect(() => ours.open(sealed.subarray(0, length))).toThrow(expect.objectContaining({ code: 'bad-secret' }));
    }
    expect(sealer('another').fingerprint).not.toBe(ours.fingerprint);
  });
});
