import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export const deviceCookie = 'tocsin_device';

/**
 * Remembers that an account has signed in on this device, so that nobody else's guessing slows it there (OWASP "device
 * cookies"). It opens nothing by itself. `<random id>.<HMAC-SHA-256 over account and id>`.
 */
export class DeviceCookie {
  private readonly key: Buffer;

  constructor(secret: string) {
    this.key = createHmac('sha256', secret).update('device-cookie').digest();
  }

  make(account: string, id: string | null): string {
    const own = id ?? randomBytes(16).toString('base64url');
    return `${own}.${this.sign(account, own).toString('base64url')}`;
  }

  /** The device's id, if the cookie was made for this account. */
  read(cookie: string | undefined, account: string): string | null {
    const parts = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/.exec(cookie ?? '');
    if (parts === null) return null;
    const [, id = '', signature = ''] = parts;
    const given = Buffer.from(signature, 'base64url');
    const right = this.sign(account, id);
    return given.length === right.length && timingSafeEqual(given, right) ? id : null;
  }

  private sign(account: string, id: string): Buffer {
    return createHmac('sha256', this.key).update(`${account.toLowerCase()}\n${id}`).digest();
  }
}
