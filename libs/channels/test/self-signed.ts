import { createSign, generateKeyPairSync, randomBytes } from 'node:crypto';

/** A TLS identity made on the spot (no key lies in the repository): X.509 v3, P-256, valid for a day, DER by hand. */
export function selfSigned(names: { dns: readonly string[]; ip: readonly string[] }): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = sequence(oid([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]));
  const commonName = sequence(der(0x31, sequence(oid([0x55, 0x04, 0x03]), der(0x0c, Buffer.from('tocsin test')))));
  const alternatives = sequence(
    ...names.dns.map((name) => der(0x82, Buffer.from(name))),
    ...names.ip.map((ip) => der(0x87, Buffer.from(ip.split('.').map(Number)))),
  );
  const basic = sequence(oid([0x55, 0x1d, 0x13]), der(0x04, sequence(der(0x01, Buffer.from([0xff])))));
  const subjectAlternative = sequence(oid([0x55, 0x1d, 0x11]), der(0x04, alternatives));
  const toSign = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    commonName,
    sequence(utcTime(-3_600_000), utcTime(86_400_000)),
    commonName,
    publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, sequence(basic, subjectAlternative)),
  );
  const signature = createSign('sha256').update(toSign).sign(privateKey);
  const certificate = sequence(toSign, ecdsaWithSha256, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
  };
}

function der(tag: number, content: Buffer): Buffer {
  const length =
    content.length < 128
      ? [content.length]
      : content.length < 256
        ? [0x81, content.length]
        : [0x82, content.length >> 8, content.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, Buffer.concat(parts));
const oid = (bytes: number[]): Buffer => der(0x06, Buffer.from(bytes));
const utcTime = (fromNowMs: number): Buffer =>
  der(0x17, Buffer.from(`${new Date(Date.now() + fromNowMs).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));
