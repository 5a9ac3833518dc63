/** A random key for one press (128 bits; randomUUID is missing on plain http, where a control room's LAN may be). */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
