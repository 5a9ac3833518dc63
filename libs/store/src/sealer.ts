import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { Fault } from '@tocsin/domain';

export interface Sealer {
  /** First characters of a hash of the key: shown when a secret cannot be opened, to see whether it is the same key. */
  readonly fingerprint: string;
  seal(plain: Buffer | string): Buffer;
  /** Throws Fault 'bad-secret' when it was sealed with another key, or changed since. */
  open(sealed: Buffer): Buffer;
}

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM (NIST SP 800-38D) with a key derived from TOCSIN_SECRET by HKDF-SHA-256 (RFC 5869); random 96-bit nonce.
 * Form: version byte, nonce, tag, ciphertext.
 */
export function sealer(secretKey: string | Buffer): Sealer {
  const key = Buffer.from(hkdfSync('sha256', secretKey, Buffer.alloc(0), 'tocsin sealed values v1', 32));
  return {
    fingerprint: createHash('sha256').update(key).digest('hex').slice(0, 8),
    seal: (plain) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const text = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.getAuthTag(), text]);
    },
    open: (sealed) => openSealed(key, sealed),
  };
}

function openSealed(key: Buffer, sealed: Buffer): Buffer {
  const textAt = 1 + NONCE_BYTES + TAG_BYTES;
  if (sealed.length < textAt || sealed[0] !== VERSION)
    throw new Fault('bad-secret', { message: 'not a sealed value of this version' });
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, textAt));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(textAt)), decipher.final()]);
  } catch (error) {
    throw new Fault('bad-secret', { message: 'sealed with another TOCSIN_SECRET, or changed since', cause: error });
  }
}
