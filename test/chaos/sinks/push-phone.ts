import { createDecipheriv, createECDH, createHash, type ECDH, hkdfSync } from 'node:crypto';

/** The path of a person's push endpoint at the sink, and how scenes and records name it. */
export const pushPath = (slug: string): string => `/push/${slug}`;

export interface PhoneKeys {
  readonly p256dh: string;
  readonly auth: string;
}

/** The keys of a person's phone: made of the seed, so that the driver subscribes with what the sink can read. */
export function phoneKeys(seed: number, slug: string): PhoneKeys {
  return { p256dh: keyOf(seed, slug).getPublicKey('base64url'), auth: authOf(seed, slug).toString('base64url') };
}

/** What the phone's service worker is handed (RFC 8291, aes128gcm in one record). Throws when it was not meant for it. */
export function readPush(seed: number, slug: string, body: Buffer): string {
  const receiver = keyOf(seed, slug);
  const salt = body.subarray(0, 16);
  const sealedFrom = 21 + body.readUInt8(20);
  const senderKey = body.subarray(21, sealedFrom);
  const sealed = body.subarray(sealedFrom);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), receiver.getPublicKey(), senderKey]);
  const secret = Buffer.from(hkdfSync('sha256', receiver.computeSecret(senderKey), authOf(seed, slug), info, 32));
  const key = Buffer.from(hkdfSync('sha256', secret, salt, 'Content-Encoding: aes128gcm\0', 16));
  const nonce = Buffer.from(hkdfSync('sha256', secret, salt, 'Content-Encoding: nonce\0', 12));
  const decipher = createDecipheriv('aes-128-gcm', key, nonce);
  decipher.setAuthTag(sealed.subarray(-16));
  const text = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  return text.subarray(0, text.lastIndexOf(2)).toString('utf8');
}

const known = new Map<string, ECDH>();

function keyOf(seed: number, slug: string): ECDH {
  const name = `${seed} ${slug}`;
  const key = known.get(name) ?? createECDH('prime256v1');
  if (!known.has(name)) key.setPrivateKey(createHash('sha256').update(`phone ${name}`).digest());
  known.set(name, key);
  return key;
}

const authOf = (seed: number, slug: string): Buffer =>
  createHash('sha256').update(`auth ${seed} ${slug}`).digest().subarray(0, 16);
