import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** `uuid` asks for 16 random bytes an id, which is most of its 1.5 µs; 4 KB at a time serve 256 ids. */
const randomness = Buffer.alloc(4_096);
let used = randomness.length;
let lastMs = 0;
let sequence = 0;

/** A UUID v7, later than every earlier one of this process also within one millisecond (RFC 9562, 6.2 method 1). */
export function newId(): string {
  if (used === randomness.length) {
    randomFillSync(randomness);
    used = 0;
  }
  const random = randomness.subarray(used, used + 16);
  used += 16;
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    // The top bit stays free, so that counting up from here does not run over.
    sequence = random.readUInt32BE(6) & 0x7fffffff;
  } else {
    sequence = (sequence + 1) | 0;
    if (sequence === 0) lastMs += 1;
  }
  return v7({ random, msecs: lastMs, seq: sequence });
}
